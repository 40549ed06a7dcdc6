"""People arrive: who has no table gets one, who has one sits down at it, and a wrong tap is undone.

People on the floor know what fits: seats are not counted for a table that they choose. What is
refused is a table that somebody else has, and the sentence says who.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from basis.sentences import Sentence
from kitchenasty import availability, locations, reservations
from kitchenasty.availability import (
    FullyBooked,
    Period,
    Stay,
    WishRefused,
    choose,
    list_named_stays,
    load_floor,
    service_day,
)
from kitchenasty.floor.service import (
    check_known,
    check_nobody_sits,
    in_the_way,
    keep_or_say,
    put,
)
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservation_terms import PARTY_MAX, STAY_MINUTES_MAX, load_terms
from kitchenasty.reservations import Guest, Reservation, ReservationMade, Source, Status, check_move

WALK_IN_MIN = timedelta(minutes=30)
EARLY_MAX = timedelta(hours=3)
STAY_MAX = timedelta(minutes=STAY_MINUTES_MAX)
SEATED_ENTRY = Status.SEATED.value.lower()


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
    await availability.count_arrival(uow, house.id, reservation.starts_at, party, limit=None)
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
        await check_nobody_sits(look, house.id, table_ids)
        until = free_until(stays, table_ids, period)
        if until < look.now + WALK_IN_MIN:
            raise in_the_way(house, stays, table_ids)
        return tuple(sorted(table_ids)), (look.now, until)
    sitting = {one.table_id for one in await availability.list_sitting_on(look, house.id)}
    for least in (stay, WALK_IN_MIN):
        taken = {one.table_id for one in stays if one.starts_at < look.now + least}
        found = choose(floor.seats, party, taken=taken | sitting)
        if found:
            chosen = found[0].seat.table_ids
            return chosen, (look.now, free_until(stays, chosen, period))
    raise FullyBooked


def free_until(stays: Sequence[Stay], table_ids: Sequence[str], period: Period) -> datetime:
    """When the first of the tables is somebody else's; at most the end of the period."""
    begun = [stay.starts_at for stay in stays if stay.table_id in table_ids]
    return min((*begun, period[1]))


async def seat(
    uow: UnitOfWork, reservation: Reservation, *, table_ids: Sequence[str] = ()
) -> Reservation:
    """They are there. Who comes early has the table from now on; who comes when their time is over,
    had left or was given up gets a table again. Raises MoveRefused, TableInTheWay, WishRefused,
    FullyBooked, SomebodyChangedIt.
    """
    check_move(reservation.status, Status.SEATED)
    house = await locations.load_own_house(uow, reservation.house_id)
    check_near(house, reservation, uow.now)
    before = reservation
    if not before.is_held or before.ends_at <= uow.now:
        after = await sit_down_again(uow, house, before, table_ids)
    else:
        if table_ids and set(table_ids) != set(before.table_ids):
            before = await put(uow, before, table_ids)
        after = before
    if uow.now < after.starts_at:
        after = await begin_now(uow, house, after)
    await check_nobody_sits(uow, house.id, after.table_ids, but=after.id)
    return await reservations.move(uow, before, Status.SEATED, becoming=after)


def check_near(house: locations.House, reservation: Reservation, now: datetime) -> None:
    """A table that is taken hours or days before would be kept from everybody until then. Raises
    WishRefused.
    """
    if now < reservation.starts_at - EARLY_MAX:
        wall = reservation.starts_at.astimezone(ZoneInfo(house.zone))
        raise WishRefused(
            Sentence.of(
                "They are expected on {day} at {time}. Change the time first, "
                "or seat them as people who just came in.",
                day=wall.date(),
                time=f"{wall:%H:%M}",
            )
        )
    if now > reservation.starts_at + STAY_MAX:
        raise WishRefused("Their time is long over. Seat them as people who just came in.")


async def sit_down_again(
    uow: UnitOfWork, house: locations.House, reservation: Reservation, table_ids: Sequence[str]
) -> Reservation:
    """Whoever left, was given up or comes when their time is over, sits down after all. Raises what
    `find_now` raises.
    """
    await availability.let_tables_go(uow, reservation.id)
    terms = await load_terms(uow, house.id)
    wanted = table_ids or reservation.table_ids
    stay = terms.stay(reservation.party)
    chosen, period = await find_now(uow, house, reservation.party, wanted, stay)
    if reservation.status is Status.NO_SHOW:
        await availability.count_arrival(
            uow, house.id, reservation.quarter, reservation.party, limit=None
        )
    after = replace(reservation, ends_at=period[1], table_ids=chosen)
    is_undone = reservation.status is Status.COMPLETED and chosen == reservation.table_ids
    if is_undone and after.ends_at <= after.starts_at + STAY_MAX:
        # They had not left: it stays one stay, unless somebody sat there meanwhile.
        with contextlib.suppress(availability.TableGone):
            await availability.keep_tables(
                uow, chosen, after.period, house_id=house.id, reservation_id=after.id
            )
            return after
    await keep_or_say(uow, house, chosen, period, reservation.id)
    return replace(after, starts_at=period[0])


async def begin_now(
    uow: UnitOfWork, house: locations.House, reservation: Reservation
) -> Reservation:
    """Raises TableInTheWay."""
    period = uow.now, min(reservation.ends_at, uow.now + STAY_MAX)
    await availability.let_tables_go(uow, reservation.id)
    await keep_or_say(uow, house, reservation.table_ids, period, reservation.id)
    return replace(reservation, starts_at=period[0], ends_at=period[1])


async def unseat(uow: UnitOfWork, reservation: Reservation) -> Reservation:
    """It was a tap on the wrong line: they are expected again, at the time for which they booked.
    Raises MoveRefused, SomebodyChangedIt.
    """
    check_move(reservation.status, Status.CONFIRMED)
    booked_for = await find_booked_start(uow, reservation)
    if booked_for is None or not reservation.starts_at < booked_for < reservation.ends_at:
        return await reservations.confirm(uow, reservation)
    house = await locations.load_own_house(uow, reservation.house_id)
    after = replace(reservation, starts_at=booked_for)
    await availability.let_tables_go(uow, reservation.id)
    await keep_or_say(uow, house, after.table_ids, after.period, after.id)
    return await reservations.move(uow, reservation, Status.CONFIRMED, becoming=after)


async def find_booked_start(look: Look, reservation: Reservation) -> datetime | None:
    """When they were to come before they were seated early."""
    entries = await reservations.list_history(look, reservation.id)
    seated = next((one for one in reversed(entries) if one.what == SEATED_ENTRY), None)
    started = ((seated and seated.details) or {}).get("starts_at")
    return datetime.fromisoformat(started[0]) if started else None
