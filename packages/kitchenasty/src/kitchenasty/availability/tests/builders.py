"""A house with twelve tables, four of which are pushed together in pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from basis.kit.data.statements import Statement
from kitchenasty import locations
from kitchenasty.availability.combinations import combine
from kitchenasty.availability.models import StayRow
from kitchenasty.availability.views import Wish
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.locations.tests.builders import add_house

FRIDAY = date(2030, 5, 17)
SEATS = (2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 8)
PAIRS = ((4, 5), (6, 7))
EVENING = tuple(locations.IntervalDraft(weekday, "17:00", "02:00") for weekday in range(7))
WAITER = Principal(kind=Kind.STAFF, id="0" * 36, role=Role.STAFF, house_ids=None, name="Ada")
ALL_STAYS = Statement(
    select(StayRow.table_id, StayRow.starts_at, StayRow.ends_at, StayRow.reservation_id).order_by(
        StayRow.table_id, StayRow.starts_at
    )
)


async def add_tables(
    uow: UnitOfWork, house: locations.House, seats: Sequence[int] = SEATS
) -> list[locations.Table]:
    drafts = [
        locations.TableDraft(name=str(number), seats=count) for number, count in enumerate(seats, 1)
    ]
    return await locations.add_tables(uow, house.id, drafts)


async def open_restaurant(books: Books, zone: str = "Europe/Berlin") -> locations.House:
    async with books.writing() as uow:
        house = await add_house(uow, zone=zone, hours=EVENING)
        tables = await add_tables(uow, house)
        for one, other in PAIRS:
            pair = (tables[one].id, tables[other].id)
            await combine(uow, house.id, f"{one}+{other}", pair, seats=8, seats_min=5)
    return house


def wish(house: locations.House, shown: str, party: int = 2, **more: object) -> Wish:
    known: dict[str, object] = {"day": FRIDAY, **more}
    return Wish(house_id=house.id, shown=shown, party=party, **known)  # type: ignore[arg-type]


async def count_overlaps(look: Look) -> int:
    """Every pair of stays of a table that share a moment, by brute force."""
    kept: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for table_id, starts_at, ends_at, _ in await look.rows(ALL_STAYS):
        kept[table_id].append((starts_at, ends_at))
    return sum(
        one[0] < other[1] and other[0] < one[1]
        for stays in kept.values()
        for number, one in enumerate(stays)
        for other in stays[:number]
    )


async def count_stays(look: Look) -> tuple[int, int]:
    """All of them, and how many parties have two tables."""
    tables = Counter(reservation_id for *_, reservation_id in await look.rows(ALL_STAYS))
    return tables.total(), sum(count == 2 for count in tables.values())
