"""Reading houses. A house is kept in memory and known to be current by its version, and by the
revision of the settings that hold for all houses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import bindparam, column, func, select, table
from sqlalchemy.inspection import inspect

from basis.errors import Forbidden, NotFound
from basis.kit.data.columns import IdType
from basis.kit.data.statements import Statement, one_of
from basis.sentences import Sentence
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.kit.tables import Record
from kitchenasty.locations.areas import read_area
from kitchenasty.locations.charges import NO_CHARGES, Charges
from kitchenasty.locations.hours import Interval, WeekHours
from kitchenasty.locations.models import (
    DeliveryZoneRow,
    HouseRow,
    OpeningExceptionRow,
    OpeningIntervalRow,
    TableRow,
    TaxRateRow,
)
from kitchenasty.locations.ordering import load_ordering
from kitchenasty.locations.views import BusyMode, House, TaxRate
from kitchenasty.locations.zones import Zone


class HouseNotFound(NotFound):
    """There is no such house."""


class NotYourHouse(Forbidden):
    """Whoever asks works elsewhere."""


COUNTED_MAX = 1_000
COLUMNS = tuple(
    column.key
    for column in inspect(HouseRow).column_attrs
    if column.key not in ("created_at", "updated_at")
)
HOUSE = Statement(
    select(*(getattr(HouseRow, name) for name in COLUMNS)).where(
        HouseRow.id == bindparam("house_id", required=True)
    )
)
VERSION = Statement(
    select(HouseRow.version, settings.revision()).where(
        HouseRow.id == bindparam("house_id", required=True)
    )
)
ID_OF_SLUG = Statement(select(HouseRow.id).where(HouseRow.slug == bindparam("slug", required=True)))
ALL_IDS = Statement(select(HouseRow.id, HouseRow.is_active).order_by(HouseRow.name, HouseRow.id))
WEEK = Statement(
    select(OpeningIntervalRow.weekday, OpeningIntervalRow.opens, OpeningIntervalRow.closes)
    .where(OpeningIntervalRow.house_id == bindparam("house_id", required=True))
    .order_by(OpeningIntervalRow.weekday, OpeningIntervalRow.opens)
)
EXCEPTIONS = Statement(
    select(
        OpeningExceptionRow.day,
        OpeningExceptionRow.opens,
        OpeningExceptionRow.closes,
        OpeningExceptionRow.note,
    ).where(OpeningExceptionRow.house_id == bindparam("house_id", required=True))
)
TAX_RATES = Statement(
    select(
        TaxRateRow.tax,
        TaxRateRow.category,
        TaxRateRow.dining,
        TaxRateRow.millionths,
        TaxRateRow.valid_from,
        TaxRateRow.valid_until,
    )
    .where(TaxRateRow.house_id == bindparam("house_id", required=True))
    .order_by(TaxRateRow.category, TaxRateRow.tax, TaxRateRow.valid_from, TaxRateRow.id)
)
ZONE_COLUMNS = (
    "id", "name", "rank", "fee_minor", "min_order_minor", "free_from_minor", "minutes",
    "is_active", "created_at", "updated_at",
)  # fmt: skip
ZONES = Statement(
    select(
        DeliveryZoneRow.postal_codes,
        DeliveryZoneRow.boundary,
        *(getattr(DeliveryZoneRow, name) for name in ZONE_COLUMNS),
    )
    .where(DeliveryZoneRow.house_id == bindparam("house_id", required=True))
    .order_by(DeliveryZoneRow.rank, DeliveryZoneRow.id)
)


def counting(
    of: str, *, by: str = "house_id", owner: type[Record] = HouseRow, most: int = COUNTED_MAX
) -> Statement:
    """How many rows of a table belong to each of some houses or tables, counted up to `most`: a
    house that sold a million dinners must not be slower to show.
    """
    belongs_to = column(by, IdType)
    some = (
        select(belongs_to)
        .select_from(table(of, belongs_to))
        .where(belongs_to == owner.id)
        .limit(most)
        .correlate(owner)
        .subquery()
    )
    count = select(func.count()).select_from(some).scalar_subquery()
    return Statement(select(owner.id, count).where(one_of(owner.id, "ids")))


# Orders, reservations and dishes are not ours to import; only how many there are is shown.
ORDERS_OF = counting("orders")
RESERVATIONS_OF = counting("reservations")
DISHES_OF = counting("dishes")
TABLES_OF = counting("tables")
STAYS_OF = counting("table_stays", by="table_id", owner=TableRow)

_known: dict[tuple[str, int, str | None], House] = {}
KNOWN_MAX = 200


async def load_house(look: Look, house_id: str) -> House:
    """The house, as it is at this moment. Raises HouseNotFound."""
    current = await look.row(VERSION, house_id=house_id)
    if current is None:
        raise HouseNotFound("We have no such house.")
    version, revision = current
    known = _known.get((house_id, version, revision))
    if known is None:
        known = await read_house(look, house_id)
        if len(_known) >= KNOWN_MAX:
            _known.clear()
        _known[house_id, known.version, revision] = known
    return known.as_of(look.now)


async def load_own_house(look: Look, house_id: str) -> House:
    """The house, for somebody who works there. Raises HouseNotFound, NotYourHouse."""
    house = await load_house(look, house_id)
    if not look.actor.may_see_house(house.id):
        raise NotYourHouse(Sentence.of("You do not work at {house}.", house=house.name))
    return house


async def read_house(look: Look, house_id: str) -> House:
    row = await look.row(HOUSE, house_id=house_id)
    if row is None:
        raise HouseNotFound("We have no such house.")
    values: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    values["busy_mode"] = BusyMode(values["busy_mode"])
    kept = values.pop("charges")
    charges = NO_CHARGES if kept is None else msgspec.convert(kept, Charges)
    week = tuple(Interval(*found) for found in await look.rows(WEEK, house_id=house_id))
    hours = WeekHours(
        values["zone"], week, *dated_of(await look.rows(EXCEPTIONS, house_id=house_id))
    )
    rates = tuple(
        TaxRate(
            tax=tax,
            category=category,
            dining=dining,
            millionths=millionths,
            valid_from=first,
            valid_until=last,
        )
        for tax, category, dining, millionths, first, last in await look.rows(
            TAX_RATES, house_id=house_id
        )
    )
    return House(
        **values,
        hours=hours,
        tax_rates=rates,
        charges=charges,
        ordering=await load_ordering(look),
        zones=tuple(zone_of(found) for found in await look.rows(ZONES, house_id=house_id)),
    )


def dated_of(
    rows: Sequence[Sequence[Any]],
) -> tuple[dict[date, tuple[tuple[int, int], ...]], dict[date, str]]:
    """The spans of each date with hours of its own, and the notes that some have."""
    spans: dict[date, list[tuple[int, int]]] = defaultdict(list)
    notes = {}
    for day, opens, closes, note in rows:
        there = spans[day]
        if opens is not None:
            there.append((opens, closes))
        if note:
            notes[day] = note
    return {day: tuple(sorted(found)) for day, found in spans.items()}, notes


def zone_of(row: Sequence[Any]) -> Zone:
    codes, boundary, *rest = row
    return Zone(
        **dict(zip(ZONE_COLUMNS, rest, strict=True)),
        postal_codes=tuple(codes),
        area=None if boundary is None else read_area(boundary),
    )


async def find_house_by_slug(look: Look, slug: str) -> House | None:
    house_id = await look.value(ID_OF_SLUG, slug=slug)
    return None if house_id is None else await load_house(look, house_id)


async def list_houses(look: Look, *, only_active: bool = True) -> list[House]:
    """All houses by name. A group has 1 to 20 of them."""
    ids = await look.rows(ALL_IDS)
    return [await load_house(look, row[0]) for row in ids if row[1] or not only_active]


async def count_orders_of(look: Look, house_ids: Sequence[str]) -> Counter[str]:
    """How many orders each house has had, counted up to COUNTED_MAX."""
    return Counter(dict(await look.rows(ORDERS_OF, ids=list(house_ids))))


async def count_reservations_of(look: Look, house_ids: Sequence[str]) -> Counter[str]:
    """How many reservations each house has had, counted up to COUNTED_MAX."""
    return Counter(dict(await look.rows(RESERVATIONS_OF, ids=list(house_ids))))


async def count_stays_of(look: Look, table_ids: Sequence[str]) -> Counter[str]:
    """How often each table is or was kept, for a party or by the house, up to COUNTED_MAX."""
    return Counter(dict(await look.rows(STAYS_OF, ids=list(table_ids))))


async def count_dishes_of(look: Look, house_ids: Sequence[str]) -> Counter[str]:
    """How many dishes only this house sells, by house."""
    return Counter(dict(await look.rows(DISHES_OF, ids=list(house_ids))))


async def count_tables_of(look: Look, house_ids: Sequence[str]) -> Counter[str]:
    """How many tables each house has, those that are off included."""
    return Counter(dict(await look.rows(TABLES_OF, ids=list(house_ids))))
