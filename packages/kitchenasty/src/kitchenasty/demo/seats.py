"""A living evening at the tables: who was there this week, who sits there now, who still comes.

Everything goes through the doors of the reservations at the instants at which it happened; what it
would tell screens is dropped, since it is history.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from basis.errors import DomainError
from kitchenasty import availability, floor, locations, reservations, waitlist
from kitchenasty.demo import wishes
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.reservations import Guest, Source

SEED = 4104
DAYS_BACK, DAYS_AHEAD = 6, 5
PARTIES = {"mill-lane": 9, "harbour": 5}
HOURS = {12: 2, 13: 3, 18: 4, 19: 6, 20: 4}
SIZES = {1: 1, 2: 9, 3: 4, 4: 6, 5: 2, 6: 2, 8: 1}
AROUND_NOW = (-100, -75, -55, -40, -28, -10, 15, 30, 50, 75, 90, 120)
"""Minutes from now, so that there is an evening at whatever hour somebody looks."""
ABSENT_SHARE, CANCELLED_SHARE, NOTE_SHARE = 0.06, 0.08, 0.2
NOTES = ("A birthday, please a candle.", "By the window if you can.", "With a pram.")
ALLERGIES = ("Nuts", "Gluten", "Shellfish")
TOGETHER = {"mill-lane": ("7", "8"), "harbour": ("4", "5")}
"""Tables of house.toml that stand side by side."""
WAITING_PARTY = 9


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """A party that is going to have booked. `is_now`: it belongs to what goes on at this moment."""

    at: datetime
    party: int
    is_now: bool = False


async def fill_tables(
    uow: UnitOfWork, houses: Sequence[locations.House], *, waiter_id: str
) -> None:
    """People at the tables of every house, two of which can be pushed together."""
    chance = Random(SEED)  # noqa: S311  # the demo must be the same each time
    now, actor = uow.now, uow.actor
    waiter = Principal(kind=Kind.STAFF, id=waiter_id, role=Role.STAFF, name="Wim de Graaf")
    for house in houses:
        uow.actor = actor
        await push_together(uow, house)
        uow.actor = waiter
        for visit in sorted(visits(chance, house, now)):
            await live_through(uow, chance, house, visit, now)
        uow.now = now
        for days in range(2):
            await wait_for_a_table(uow, chance, house, days)
    uow.actor = actor
    for told in (uow.events, uow.jobs, uow.told):
        told.clear()


async def push_together(uow: UnitOfWork, house: locations.House) -> None:
    tables = {one.name: one for one in await locations.list_tables(uow, house.id)}
    pushed = [tables[name] for name in TOGETHER[house.slug]]
    least, most = max(one.seats for one in pushed) + 1, sum(one.seats for one in pushed)
    name = "+".join(one.name for one in pushed)
    ids = [one.id for one in pushed]
    await availability.combine(uow, house.id, name, ids, seats=most, seats_min=least)


def visits(chance: Random, house: locations.House, now: datetime) -> Iterator[Visit]:
    zone = ZoneInfo(house.zone)
    today = now.astimezone(zone).date()
    for minutes in AROUND_NOW:
        yield Visit(now + timedelta(minutes=minutes), size(chance), is_now=True)
    for back in range(-DAYS_BACK, DAYS_AHEAD + 1):
        for _ in range(PARTIES[house.slug]):
            [hour] = chance.choices(list(HOURS), list(HOURS.values()))
            quarter = time(hour, chance.choice((0, 15, 30, 45)))
            at = datetime.combine(today + timedelta(days=back), quarter, tzinfo=zone)
            yield Visit(at.astimezone(now.tzinfo), size(chance))


def size(chance: Random) -> int:
    [party] = chance.choices(list(SIZES), list(SIZES.values()))
    return party


async def live_through(
    uow: UnitOfWork, chance: Random, house: locations.House, visit: Visit, now: datetime
) -> None:
    """Booked some time before, then whatever became of it until now. Where the house is closed or
    full nobody came.
    """
    wall = visit.at.astimezone(ZoneInfo(house.zone))
    days = 0 if visit.is_now else chance.randrange(1, 12)
    uow.now = min(now, visit.at) - timedelta(days=days, hours=1)
    wish = availability.Wish(
        house_id=house.id,
        day=availability.service_day(house.hours, visit.at),
        shown=f"{wall:%H:%M}",
        party=visit.party,
    )
    guest = invent(chance)
    try:
        plan = await availability.plan(uow, wish)
        booked = await reservations.book(uow, plan, guest, source=Source.STAFF)
    except DomainError:
        return
    await happen(uow, chance, booked.reservation, visit, now)


async def wait_for_a_table(
    uow: UnitOfWork, chance: Random, house: locations.House, days: int
) -> None:
    """A party for which there is no seat in so many days; late in the evening nobody waits."""
    day = availability.service_day(house.hours, uow.now) + timedelta(days=days)
    asked = waitlist.Asked(house_id=house.id, day=day, party=WAITING_PARTY)
    with contextlib.suppress(DomainError):
        await waitlist.join(uow, asked, invent(chance))


def invent(chance: Random) -> Guest:
    who = wishes.invent_guest(chance)
    return Guest(
        name=who.name,
        email=who.email,
        phone=who.phone,
        note=chance.choice(NOTES) if chance.random() < NOTE_SHARE else None,
        allergies=chance.choice(ALLERGIES) if chance.random() < NOTE_SHARE / 2 else None,
    )


async def happen(
    uow: UnitOfWork,
    chance: Random,
    booked: reservations.Reservation,
    visit: Visit,
    now: datetime,
) -> None:
    lot = chance.random()
    if not visit.is_now and lot < CANCELLED_SHARE:
        await reservations.cancel(uow, booked, reason="Plans changed")
        return
    arrives = booked.starts_at + timedelta(minutes=chance.randrange(12))
    if arrives > now or (visit.is_now and now - booked.starts_at < timedelta(minutes=30)):
        return  # still expected, and some of them late
    uow.now = arrives
    if not visit.is_now and lot < CANCELLED_SHARE + ABSENT_SHARE:
        await reservations.note_absence(uow, booked)
        return
    try:
        seated = await floor.seat(uow, booked)
    except reservations.TableInTheWay:
        return  # somebody sits on at their table, so they wait
    left = booked.ends_at - timedelta(minutes=chance.randrange(25))
    if left < now and not visit.is_now:
        uow.now = left
        await reservations.complete(uow, seated)
