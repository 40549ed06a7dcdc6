"""What the house does with parties that have a table: move them, push tables together, let them
stay.

People on the floor know what fits: seats are not counted here. What is refused is a table that
somebody else has, and the sentence says who.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from basis.sentences import Sentence
from kitchenasty import availability, locations, reservations
from kitchenasty.availability import (
    NamedStay,
    Period,
    WishRefused,
    list_named_stays,
    load_floor,
    quarter_of,
)
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservation_terms import PARTY_MAX, STAY_MINUTES_MAX
from kitchenasty.reservations import EXPECTED, HOLDING, Reservation, Status, TableInTheWay

A_MOMENT = timedelta(seconds=1)


async def put(uow: UnitOfWork, reservation: Reservation, table_ids: Sequence[str]) -> Reservation:
    """The party at exactly these tables: moved, or at several that are pushed together. Raises
    HouseNotFound, WishRefused, TableInTheWay, SomebodyChangedIt.
    """
    if reservation.status not in HOLDING:
        raise WishRefused("This reservation is over, so it has no table.")
    house = await locations.load_own_house(uow, reservation.house_id)
    floor = await load_floor(uow, house.id)
    check_known(floor.table_ids, table_ids)
    if reservation.status is Status.SEATED:
        await check_theirs_now(uow, house, table_ids, but=reservation.id)
    await availability.let_tables_go(uow, reservation.id)
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
    await availability.count_arrival(uow, house.id, after.starts_at, after.party, limit=None)
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
    await availability.let_tables_go(uow, reservation.id)
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
    house_id, quarter, agreed = reservation.house_id, reservation.quarter, reservation.agreed
    await availability.uncount_arrival(uow, house_id, quarter, reservation.party)
    await availability.count_arrival(uow, house_id, quarter, party, limit=None)
    kept = await reservations.keep_change(
        uow,
        reservation,
        replace(
            reservation,
            party=party,
            agreed=agreed and agreed.resized(reservation.party, party, uow.now),
        ),
        "resize",
    )
    uow.emit(reservations.changed_event(reservation, kept))
    return kept


def check_known(known: Sequence[str], table_ids: Sequence[str]) -> None:
    """Raises WishRefused."""
    if not table_ids or not set(table_ids) <= set(known):
        raise WishRefused("This house has no such table in use.")


async def check_theirs_now(
    look: Look, house: locations.House, table_ids: Sequence[str], *, but: str
) -> None:
    """Who sits longer than planned keeps no table from now on, and could be put on others' chairs.
    Raises TableInTheWay.
    """
    await check_nobody_sits(look, house.id, table_ids, but=but)
    kept = await list_named_stays(look, house.id, (look.now, look.now + A_MOMENT))
    others = [one for one in kept if one.reservation_id != but and one.table_id in table_ids]
    if others:
        raise in_the_way(house, others, table_ids)


async def check_nobody_sits(
    look: Look, house_id: str, table_ids: Sequence[str], *, but: str = ""
) -> None:
    """Who sits longer than planned has no stay any more, and the table all the same. Raises
    TableInTheWay.
    """
    for one in await availability.list_sitting_on(look, house_id):
        if one.table_id in table_ids and one.reservation_id != but:
            raise TableInTheWay(
                Sentence.of(
                    "{who} still sits at this table, longer than planned. "
                    "Say that they left, or choose another table.",
                    who=one.words or Sentence.of("Somebody"),
                ),
                reservation=one.reservation_id,
            )


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
        await availability.keep_tables(
            uow,
            sorted(set(table_ids)),
            period,
            house_id=house.id,
            reservation_id=reservation_id,
            block_id=block_id,
        )
    except availability.TableGone:
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
