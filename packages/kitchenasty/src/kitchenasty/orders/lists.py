"""Lists of orders, newest first: found through an index, whatever is asked for.

The statements are written once for each shape of question (how many houses, which filters), since
building one costs more than running it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from basis.kit.data.columns import IdType, UtcDateTime
from basis.kit.data.paging import Keyset, Page
from basis.kit.data.statements import Statement, one_of
from basis.kit.texts import name_key, phone_key
from kitchenasty.kit.books import Look
from kitchenasty.orders.models import OrderLineRow, OrderRow
from kitchenasty.orders.place import NUMBER_DIGITS
from kitchenasty.orders.queries import SELECTED, lines_of, order_of
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.orders.views import Order

COUNTED_MAX = 10_000
MATCHES_MAX = 2_000
"""A search that finds more by number, name or phone is broad: its newest are soon met when one
goes through the orders from the newest on. A narrow one is read through the three indexes."""
PHONE_DIGITS_MIN = 3
SHAPES_KEPT = 256
NEWEST_FIRST = (OrderRow.placed_at.desc(), OrderRow.id.desc())
LINES_OF = Statement(
    select(OrderLineRow.order_id, func.count())
    .where(one_of(OrderLineRow.order_id, "ids"))
    .group_by(OrderLineRow.order_id)
)

_many: set[frozenset[str]] = set()
"""Houses that together have more orders than are counted, for good: no order is ever deleted."""
MANY_KEPT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders of a list; everything that is None or empty lets all through. What awaits its
    payment, or waited in vain, is in the lists of the guest whose it is and in no other.
    """

    house_ids: frozenset[str] | None = None
    statuses: tuple[OrderStatus, ...] = ()
    order_type: OrderType | None = None
    customer_id: str | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A question without its values; `given` names the parameters that it has."""

    houses: int
    statuses: int
    given: frozenset[str]
    is_broad: bool = False


async def list_orders(
    look: Look, wanted: OrderFilter, place: Keyset | Page, *, with_lines: bool = False
) -> list[Order]:
    """Newest first. A keyset costs the same on every page; numbered pages are for the contract."""
    if wanted.house_ids == frozenset():
        return []
    skipped = place.offset if isinstance(place, Page) else 0
    values = values_of(wanted)
    if isinstance(place, Keyset) and place.after is not None:
        values |= {"after_at": place.after.at, "after_id": place.after.id}
    shape = shape_of(wanted, values, is_broad=await is_broad(look, wanted, values))
    rows = await look.rows(
        listing(shape), **values, taken=place.limit, skipped=skipped, reach=skipped + place.limit
    )
    lines = await lines_of(look, [row[0] for row in rows]) if with_lines else {}
    return [order_of(row, lines.get(row[0], []), []) for row in rows]


async def count_lines(look: Look, found: Sequence[Order]) -> dict[str, int]:
    """How many lines each order has, by its id, without reading any of them."""
    return dict(await look.rows(LINES_OF, ids=[order.id for order in found]))


async def count_orders(look: Look, wanted: OrderFilter) -> int:
    """How many there are, counted up to 10,000: beyond that nobody turns the pages. Of a search,
    up to 2,000 by number, by name and by phone.
    """
    if wanted.house_ids == frozenset():
        return 0
    if wanted.house_ids in _many and wanted == OrderFilter(house_ids=wanted.house_ids):
        return COUNTED_MAX
    values = values_of(wanted)
    count = int(await look.value(counting(shape_of(wanted, values)), **values))
    if count == COUNTED_MAX and wanted.house_ids is not None:
        if len(_many) >= MANY_KEPT:
            _many.clear()
        _many.add(wanted.house_ids)
    return count


def values_of(wanted: OrderFilter) -> dict[str, Any]:
    """The parameters of a question; what it does not ask is left out."""
    optional: dict[str, Any] = {
        "order_type": wanted.order_type,
        "customer_id": wanted.customer_id,
        "placed_from": wanted.placed_from,
        "placed_before": wanted.placed_before,
        "statuses": list(wanted.statuses) or None,
        **searched(wanted.search.strip()),
    }
    values = {name: value for name, value in optional.items() if value is not None}
    if wanted.customer_id is None:
        values["told"] = True
    values |= {f"status_{n}": status for n, status in enumerate(wanted.statuses)}
    if wanted.house_ids is not None:
        houses = sorted(wanted.house_ids)
        values |= {"house_ids": houses, **{f"house_{n}": one for n, one in enumerate(houses)}}
    return values


def searched(search: str) -> dict[str, str]:
    """Where the numbers, names and phone numbers begin that a search finds, and the one number
    that is meant by those who leave its zeros out.
    """
    if not search:
        return {}
    digits = phone_key(search)
    number = search.removeprefix("#")
    begun = {"number": number, "spoken_number": number, "name_key": name_key(search)}
    if number.isascii() and number.isdigit():
        begun["spoken_number"] = number.zfill(NUMBER_DIGITS)
    if len(digits) >= PHONE_DIGITS_MIN:
        begun["phone_key"] = digits
    return begun


def shape_of(wanted: OrderFilter, values: dict[str, Any], *, is_broad: bool = False) -> Shape:
    return Shape(
        len(wanted.house_ids or ()), len(wanted.statuses), frozenset(values), is_broad=is_broad
    )


async def is_broad(look: Look, wanted: OrderFilter, values: dict[str, Any]) -> bool:
    if not wanted.search.strip():
        return False
    ways = counting_ways(shape_of(wanted, values))
    return bool(await look.value(ways, **values) >= MATCHES_MAX)


@lru_cache(SHAPES_KEPT)
def listing(shape: Shape) -> Statement:
    """Each part gives its newest through its own index, and of these the newest are shown. Asked
    for several houses at once, SQLite would read and sort all that they ever sold.
    """
    parts = [
        select(OrderRow.id, OrderRow.placed_at)
        .where(*part)
        .order_by(*NEWEST_FIRST)
        .limit(bindparam("reach", required=True))
        .subquery()
        for part in parts_of(shape)
    ]
    together = union_all(*(select(part) for part in parts)).subquery()
    shown = (
        select(together.c.id)
        .order_by(together.c.placed_at.desc(), together.c.id.desc())
        .limit(bindparam("taken", required=True))
        .offset(bindparam("skipped", required=True))
        .subquery()
    )
    return Statement(
        select(*SELECTED).where(OrderRow.id.in_(select(shown.c.id))).order_by(*NEWEST_FIRST)
    )


@lru_cache(SHAPES_KEPT)
def counting(shape: Shape) -> Statement:
    conditions = narrowing(shape)
    if "number" in shape.given:
        conditions.append(OrderRow.id.in_(candidates(shape)))
    if "statuses" in shape.given:
        conditions.append(one_of(OrderRow.status, "statuses"))
    if "house_ids" in shape.given:
        conditions.append(one_of(OrderRow.house_id, "house_ids"))
    some = select(OrderRow.id).where(*conditions).limit(COUNTED_MAX).subquery()
    return Statement(select(func.count()).select_from(some))


@lru_cache(SHAPES_KEPT)
def counting_ways(shape: Shape) -> Statement:
    """How many the widest of the three ways of a search finds."""
    counts = [select(func.count().label("found")).select_from(way) for way in ways_of(shape)]
    together = union_all(*counts).subquery()
    return Statement(select(func.max(together.c.found)))


def parts_of(shape: Shape) -> list[list[ColumnElement[bool]]]:
    """The conditions of parts that are each in the order of one index, and have no row twice."""
    common = narrowing(shape)
    if "number" in shape.given:
        common.append(or_(*begun(shape)) if shape.is_broad else OrderRow.id.in_(candidates(shape)))
    by_house = [
        OrderRow.house_id == bindparam(f"house_{n}", required=True) for n in range(shape.houses)
    ]
    by_status = [
        OrderRow.status == bindparam(f"status_{n}", required=True) for n in range(shape.statuses)
    ]
    of_houses = [one_of(OrderRow.house_id, "house_ids")] if by_house else []
    of_statuses = [one_of(OrderRow.status, "statuses")] if by_status else []
    if "number" in shape.given and not shape.is_broad:
        return [[*common, *of_houses, *of_statuses]]
    if by_status and "customer_id" not in shape.given:
        return [[one, *common, *of_houses] for one in by_status]
    if by_house:
        return [[one, *common, *of_statuses] for one in by_house]
    return [[*common, *of_statuses]]


def narrowing(shape: Shape) -> list[ColumnElement[bool]]:
    """The conditions that hold for every part."""
    return [condition for name, condition in CONDITIONS.items() if name in shape.given]


def candidates(shape: Shape) -> Select[Any]:
    """What a search finds, each way through its index: a limit keeps them apart."""
    found = union(*(select(way.c.id) for way in ways_of(shape))).subquery()
    return select(found.c.id)


def ways_of(shape: Shape) -> list[Any]:
    return [select(OrderRow.id).where(way).limit(MATCHES_MAX).subquery() for way in begun(shape)]


def begun(shape: Shape) -> list[ColumnElement[bool]]:
    """The beginning of a number, a name or a phone number; or a number without its zeros."""
    starts = [begins(name) for name in ("number", "name_key", "phone_key") if name in shape.given]
    return [*starts, OrderRow.number == bindparam("spoken_number", required=True)]


def begins(name: str) -> ColumnElement[bool]:
    """A range and not LIKE, so that any collation and any character in it stay harmless."""
    column = getattr(OrderRow, name)
    start: BindParameter[str] = bindparam(name, required=True)
    return and_(column >= start, column < start + "\U0010ffff")


CONDITIONS: dict[str, ColumnElement[bool]] = {
    "order_type": OrderRow.order_type == bindparam("order_type", required=True),
    "customer_id": OrderRow.customer_id == bindparam("customer_id", required=True),
    "told": OrderRow.awaits_payment_until.is_(None),
    "placed_from": OrderRow.placed_at >= bindparam("placed_from", required=True),
    "placed_before": OrderRow.placed_at < bindparam("placed_before", required=True),
    # A pair is compared through the index; the same said with `or` would be read from the top.
    "after_at": tuple_(OrderRow.placed_at, OrderRow.id)
    < tuple_(
        bindparam("after_at", type_=UtcDateTime(), required=True),
        bindparam("after_id", type_=IdType(), required=True),
    ),
}
