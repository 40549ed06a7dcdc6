"""What the house does with its tables while guests are there: seat, move, push together, keep free.

People on the floor know what fits: seats are not counted here. What is refused is a table that
somebody else has, and the sentence says who.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from basis.sentences import Sentence
from kitchenasty import locations, reservations
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.reservations import (
    EXPECTED,
    HOLDING,
    PARTY_MAX,
    STAY_MINUTES_MAX,
    FullyBooked,
    Guest,
    NamedStay,
    Period,
    Reservation,
    ReservationMade,
    Source,
    Status,
    Stay,
    TableInTheWay,
    WishRefused,
    check_move,
    choose,
    list_named_stays,
    load_floor,
    load_terms,
    quarter_of,
    service_day,
)

WALK_IN_MIN = timedelta(minutes=30)


async def walk_in(
    uow: UnitOfWork, house_id: str, party: int, *, table_ids: Sequence[str] = (), name: str = ""
) -> Reservation:
    """Seat people who just came in: at the table that was tapped, else at the one that fits best
    and is free for as long as they stay. A table that is booked for later is theirs until then.

    Raises HouseNotFound, WishRefused, FullyBooked, TableInTheWay.
    """
    if not 1 <= party <= PARTY_MAX:
        raise WishRefused(Sentence.of("A party is 1 to {most} people.", most=PARTY_MAX))
    house = await locations.load_own_house(uow, house_id)
    terms = await load_terms(uow, house.id)
    chosen, period = await find_now(uow, house, party, table_ids, terms.stay(party))
    sitting = reservations.Sitting(
        house_id=house.id,
        day=service_day(house.hours, uow.now),
        period=period,
        party=party,
        status=Status.SEATED,
    )
    guest = reservations.checked_guest(Guest(name=name), Source.WALK_IN)
    reservation = reservations.draft_reservation(uow, guest, sitting, source=Source.WALK_IN)
    await reservations.insert_reservation(uow, reservation)
    await keep_or_say(uow, house, chosen, period, reservation.id)
    await reservations.count_arrival(uow, house.id, reservation.starts_at, party, limit=None)
    await reservations.tell_history(uow, reservation.id, "walk_in", {"table_ids": list(chosen)})
    uow.emit(
        ReservationMade(
            reservation_id=reservation.id,
            house_id=house.id,
            status=Status.SEATED,
            source=Source.WALK_IN,
        )
    )
    return replace(reservation, table_ids=tuple(sorted(chosen)))


async def find_now(
    look: Look,
    house: locations.House,
    party: int,
    table_ids: Sequence[str],
    stay: timedelta,
) -> tuple[tuple[str, ...], Period]:
    """Tables from now on, and until when. Raises WishRefused, FullyBooked, TableInTheWay."""
    period = look.now, look.now + stay
    stays = await list_named_stays(look, house.id, period)
    floor = await load_floor(look, house.id)
    if table_ids:
        check_known(floor.table_ids, table_ids)
        until = free_until(stays, table_ids, period)
        if until < look.now + WALK_IN_MIN:
            raise in_the_way(house, stays, table_ids)
        return tuple(sorted(table_ids)), (look.now, until)
    for least in (stay, WALK_IN_MIN):
        taken = {one.table_id for one in stays if one.starts_at < look.now + least}
        found = choose(floor.seats, party, taken=taken)
        if found:
            chosen = found[0].seat.table_ids
            return chosen, (look.now, free_until(stays, chosen, period))
    raise FullyBooked


def check_known(known: Sequence[str], table_ids: Sequence[str]) -> None:
    """Raises WishRefused."""
    if not table_ids or not set(table_ids) <= set(known):
        raise WishRefused("This house has no such table in use.")


def free_until(stays: Sequence[Stay], table_ids: Sequence[str], period: Period) -> datetime:
    """When the first of the tables is somebody else's; at most the end of the period."""
    begun = [stay.starts_at for stay in stays if stay.table_id in table_ids]
    return min((*begun, period[1]))


async def seat(
    uow: UnitOfWork, reservation: Reservation, *, table_ids: Sequence[str] = ()
) -> Reservation:
    """They are there. Who comes early has the table from now on; who had left or was given up gets
    a table again. Raises MoveRefused, TableInTheWay, WishRefused, FullyBooked, SomebodyChangedIt.
    """
    check_move(reservation.status, Status.SEATED)
    house = await locations.load_own_house(uow, reservation.house_id)
    after = reservation
    if not reservation.is_held:
        after = await sit_down_again(uow, house, reservation, table_ids)
    elif table_ids and set(table_ids) != set(reservation.table_ids):
        after = await put(uow, reservation, table_ids)
    if uow.now < after.starts_at:
        after = await begin_now(uow, house, after)
    return await reservations.move(uow, after, Status.SEATED)


async def sit_down_again(
    uow: UnitOfWork, house: locations.House, reservation: Reservation, table_ids: Sequence[str]
) -> Reservation:
    """Whoever left, or did not come in time, sits down after all. Raises what `find_now` raises."""
    await reservations.let_tables_go(uow, reservation.id)
    terms = await load_terms(uow, house.id)
    wanted = table_ids or reservation.table_ids
    stay = terms.stay(reservation.party)
    chosen, period = await find_now(uow, house, reservation.party, wanted, stay)
    await keep_or_say(uow, house, chosen, period, reservation.id)
    if reservation.status is Status.NO_SHOW:
        await reservations.count_arrival(
            uow, house.id, reservation.quarter, reservation.party, limit=None
        )
    return replace(reservation, ends_at=period[1], table_ids=tuple(sorted(chosen)))


async def begin_now(
    uow: UnitOfWork, house: locations.House, reservation: Reservation
) -> Reservation:
    """Raises TableInTheWay."""
    period = uow.now, reservation.ends_at
    await reservations.let_tables_go(uow, reservation.id)
    await keep_or_say(uow, house, reservation.table_ids, period, reservation.id)
    return replace(reservation, starts_at=uow.now)


async def put(uow: UnitOfWork, reservation: Reservation, table_ids: Sequence[str]) -> Reservation:
    """The party at exactly these tables: moved, or at several that are pushed together. Raises
    HouseNotFound, WishRefused, TableInTheWay, SomebodyChangedIt.
    """
    if reservation.status not in HOLDING:
        raise WishRefused("This reservation is over, so it has no table.")
    house = await locations.load_own_house(uow, reservation.house_id)
    floor = await load_floor(uow, house.id)
    check_known(floor.table_ids, table_ids)
    await reservations.let_tables_go(uow, reservation.id)
    await keep_or_say(uow, house, table_ids, reservation.period, reservation.id)
    after = replace(reservation, table_ids=tuple(sorted(set(table_ids))))
    kept = await reservations.keep_change(uow, reservation, after, "put")
    uow.emit(reservations.changed_event(reservation, kept))
    return kept


async def shift(
    uow: UnitOfWork, reservation: Reservation, table_ids: Sequence[str], by: timedelta
) -> Reservation:
    """The party at exactly these tables, so much later (or, below zero, earlier) and for as long as
    before. Who sits already changes tables only. Raises what `put` raises.
    """
    if not by:
        return await put(uow, reservation, table_ids)
    if reservation.status not in EXPECTED:
        raise WishRefused("They sit already. Choose another table or a longer stay instead.")
    house = await locations.load_own_house(uow, reservation.house_id)
    check_known((await load_floor(uow, house.id)).table_ids, table_ids)
    after = replace(
        reservation,
        starts_at=reservation.starts_at + by,
        ends_at=reservation.ends_at + by,
        quarter=quarter_of(reservation.starts_at + by),
        table_ids=tuple(sorted(set(table_ids))),
    )
    check_seated_then(house, after, uow.now)
    await reservations.free_tables(uow, reservation)
    await reservations.count_arrival(uow, house.id, after.starts_at, after.party, limit=None)
    await keep_or_say(uow, house, after.table_ids, after.period, reservation.id)
    kept = await reservations.keep_change(uow, reservation, after, "change")
    uow.emit(reservations.changed_event(reservation, kept))
    return kept


def check_seated_then(house: locations.House, after: Reservation, now: datetime) -> None:
    """Raises WishRefused outside the hours of its day, and for a time that is over."""
    if not any(
        start <= after.starts_at < end for start, end in house.hours.intervals_on(after.day)
    ):
        shown = f"{after.starts_at.astimezone(ZoneInfo(house.zone)):%H:%M}"
        raise WishRefused(
            Sentence.of("At {time} the house is closed. Please choose another time.", time=shown)
        )
    if after.ends_at <= now:
        raise WishRefused("That time is over. Please choose a later one.")


async def stay_until(uow: UnitOfWork, reservation: Reservation, until: datetime) -> Reservation:
    """They stay longer or go earlier than was thought. Raises WishRefused, TableInTheWay,
    SomebodyChangedIt.
    """
    longest = reservation.starts_at + timedelta(minutes=STAY_MINUTES_MAX)
    if reservation.status not in HOLDING or not reservation.starts_at < until <= longest:
        raise WishRefused("Please choose an end after the beginning, within twelve hours.")
    house = await locations.load_own_house(uow, reservation.house_id)
    period = reservation.starts_at, until
    await reservations.let_tables_go(uow, reservation.id)
    await keep_or_say(uow, house, reservation.table_ids, period, reservation.id)
    kept = await reservations.keep_change(
        uow, reservation, replace(reservation, ends_at=until), "stay"
    )
    uow.emit(reservations.changed_event(reservation, kept))
    return kept


async def resize(uow: UnitOfWork, reservation: Reservation, party: int) -> Reservation:
    """More or fewer came than were expected; they stay where they are, for as long as before.
    Raises WishRefused, SomebodyChangedIt.
    """
    if not 1 <= party <= PARTY_MAX:
        raise WishRefused(Sentence.of("A party is 1 to {most} people.", most=PARTY_MAX))
    if not reservation.is_held:
        raise WishRefused("This reservation is over, so it cannot be changed.")
    house_id, quarter = reservation.house_id, reservation.quarter
    await reservations.uncount_arrival(uow, house_id, quarter, reservation.party)
    await reservations.count_arrival(uow, house_id, quarter, party, limit=None)
    kept = await reservations.keep_change(
        uow, reservation, replace(reservation, party=party), "resize"
    )
    uow.emit(reservations.changed_event(reservation, kept))
    return kept


async def keep_or_say(
    uow: UnitOfWork,
    house: locations.House,
    table_ids: Sequence[str],
    period: Period,
    reservation_id: str | None,
    *,
    block_id: str | None = None,
) -> None:
    """Keep the tables, or say who has one of them. Raises TableInTheWay."""
    try:
        await reservations.keep_tables(
            uow,
            sorted(set(table_ids)),
            period,
            house_id=house.id,
            reservation_id=reservation_id,
            block_id=block_id,
        )
    except reservations.TableGone:
        stays = await list_named_stays(uow, house.id, period)
        raise in_the_way(house, stays, table_ids) from None


def in_the_way(
    house: locations.House, stays: Sequence[NamedStay], table_ids: Sequence[str]
) -> TableInTheWay:
    """The first who has one of the tables, by name and time."""
    stay = next((one for one in stays if one.table_id in table_ids), None)
    if stay is None:
        return TableInTheWay("Somebody was quicker with this table. Please choose again.")
    zone = ZoneInfo(house.zone)
    return TableInTheWay(
        Sentence.of(
            "{who} has this table from {start} to {end}.",
            who=stay.words or Sentence.of("Somebody"),
            start=f"{stay.starts_at.astimezone(zone):%H:%M}",
            end=f"{stay.ends_at.astimezone(zone):%H:%M}",
        ),
        reservation=stay.reservation_id,
        block=stay.block_id,
    )
