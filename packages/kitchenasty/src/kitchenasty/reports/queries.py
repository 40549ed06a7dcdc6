"""Reading the figures: sums over the days of a period, whatever the number of orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, select

from kitchenasty.kit.data.statements import Statement, one_of
from kitchenasty.kit.data.work import Look
from kitchenasty.reports.entries import NOTHING, Figure, Kind
from kitchenasty.reports.models import CountedOrderRow, FigureRow
from kitchenasty.reports.periods import Span

AMOUNTS = tuple(func.sum(getattr(FigureRow, name)) for name in Figure._fields)
WITHIN = (
    one_of(FigureRow.house_id, "houses"),
    one_of(FigureRow.kind, "kinds"),
    FigureRow.day >= bindparam("first", required=True),
    FigureRow.day <= bindparam("last", required=True),
)
BY_KEY = Statement(
    select(FigureRow.currency, FigureRow.kind, FigureRow.key, *AMOUNTS)
    .where(*WITHIN)
    .group_by(FigureRow.currency, FigureRow.kind, FigureRow.key)
)
BY_DAY = Statement(
    select(FigureRow.currency, FigureRow.kind, FigureRow.day, *AMOUNTS)
    .where(*WITHIN)
    .group_by(FigureRow.currency, FigureRow.kind, FigureRow.day)
)
came_then = (
    select(CountedOrderRow.house_id, CountedOrderRow.guest)
    .where(
        one_of(CountedOrderRow.house_id, "houses"),
        CountedOrderRow.day >= bindparam("first", required=True),
        CountedOrderRow.day <= bindparam("last", required=True),
        # Not `IS NOT NULL`: for that SQLite would go through all guests there ever were.
        func.coalesce(CountedOrderRow.guest, "") != "",
    )
    .distinct()
    .subquery()
)
had_come = (
    select(CountedOrderRow.order_id)
    .where(
        CountedOrderRow.house_id == came_then.c.house_id,
        CountedOrderRow.guest == came_then.c.guest,
        CountedOrderRow.day < bindparam("first", required=True),
    )
    .exists()
)
GUESTS = Statement(select(func.count()).select_from(came_then))
RETURNING = Statement(select(func.count()).select_from(came_then).where(had_come))


@dataclass(slots=True)
class Sums:
    """The figures of one currency: of each kind by key, and by day where that was asked for."""

    by_key: dict[Kind, dict[str, Figure]] = field(default_factory=lambda: defaultdict(dict))
    by_day: dict[Kind, dict[str, Figure]] = field(default_factory=lambda: defaultdict(dict))

    def total(self, kind: Kind) -> Figure:
        return added(self.by_key[kind].values())


@dataclass(frozen=True, slots=True)
class Guests:
    """Guests who say who they are; a guest of two houses is one of each. `returning` had ordered
    in the same house before the period began.
    """

    all: int = 0
    returning: int = 0

    @property
    def new(self) -> int:
        return self.all - self.returning

    def plus(self, other: Guests) -> Guests:
        return Guests(self.all + other.all, self.returning + other.returning)


def added(figures: Collection[Figure]) -> Figure:
    total = NOTHING
    for figure in figures:
        total = total.plus(figure)
    return total


async def sum_figures(
    look: Look,
    spans: Sequence[tuple[Span, Sequence[str]]],
    kinds: Collection[Kind],
    *,
    daily: Collection[Kind] = (),
) -> dict[str, Sums]:
    """By currency, over houses that each have a span of their own: it is not the same day
    everywhere. `daily` are the kinds that are wanted day by day too.
    """
    found: dict[str, Sums] = defaultdict(Sums)
    for span, houses in spans:
        asked = {
            "houses": houses,
            "first": span.first.isoformat(),
            "last": span.last.isoformat(),
        }
        for currency, kind, key, *amounts in await look.rows(BY_KEY, kinds=[*kinds], **asked):
            put(found[currency].by_key[Kind(kind)], key, amounts)
        if daily:
            for currency, kind, day, *amounts in await look.rows(BY_DAY, kinds=[*daily], **asked):
                put(found[currency].by_day[Kind(kind)], day, amounts)
    return found


def put(figures: dict[str, Figure], key: str, amounts: Sequence[int]) -> None:
    # PostgreSQL adds up 64 bit numbers to decimals.
    figure = Figure(*(int(amount) for amount in amounts))
    figures[key] = figures.get(key, NOTHING).plus(figure)


async def count_guests(look: Look, spans: Sequence[tuple[Span, Sequence[str]]]) -> Guests:
    found = Guests()
    for span, houses in spans:
        asked = {
            "houses": houses,
            "first": span.first.isoformat(),
            "last": span.last.isoformat(),
        }
        all_guests = int(await look.value(GUESTS, **asked))
        returning = int(await look.value(RETURNING, **asked))
        found = found.plus(Guests(all_guests, returning))
    return found
