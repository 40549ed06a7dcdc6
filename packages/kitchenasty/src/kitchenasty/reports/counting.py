"""Keeping the figures: an order that has changed is noted in passing and counted a little later.

What is noted costs the dispatcher one statement for a batch of events, however many. Counting is a
job of its own with a limit, so that in the rush of an evening the orders go first and the figures
follow. Counting an order twice changes nothing: only the difference to what it had added is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Insert, bindparam, delete, func, insert, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from basis.signing import derive
from kitchenasty import locations, orders, payments, refunds
from kitchenasty.kit.data.books import Books
from kitchenasty.kit.data.columns import UtcDateTime
from kitchenasty.kit.data.outbox import StoredEvent
from kitchenasty.kit.data.statements import Statement, insert_into, insert_unless_there, one_of
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.reports.entries import Case, Figure, Figures, Kind, Place, difference, figures_of
from kitchenasty.reports.models import CountedOrderRow, FigureRow, UncountedOrderRow

COUNT_JOB = "reports.count"
AT_ONCE_MAX = 100
PAUSE_SECONDS = 10
TURN_LOCK = 7_406_002  # names the turn of counting on PostgreSQL
AMOUNTS = ("times", "units", "minor", "tax_minor")


class InsertOrAdd(Insert):
    """An INSERT of a figure that becomes an addition when there is one at its place."""

    inherit_cache = False


@compiles(InsertOrAdd)
def write_insert_or_add(element: InsertOrAdd, compiler: SQLCompiler, **kw: Any) -> str:
    inserting: str = compiler.visit_insert(element, **kw)  # type: ignore[no-untyped-call]
    name, keys = element.table.name, ", ".join(c.name for c in element.table.primary_key)
    sums = ", ".join(f"{one} = {name}.{one} + excluded.{one}" for one in AMOUNTS)
    return f"{inserting} ON CONFLICT ({keys}) DO UPDATE SET {sums}"


NOTE = insert_unless_there(UncountedOrderRow)
NOTE_ALL = Statement(
    insert(UncountedOrderRow).from_select(
        ["order_id", "changed_at"],
        orders.select_ids(changed_at=bindparam("now", type_=UtcDateTime(), required=True)),
    )
)
TAKE_TURN = Statement(select(func.pg_advisory_xact_lock(TURN_LOCK)))
OLDEST = Statement(
    select(UncountedOrderRow.order_id)
    .order_by(UncountedOrderRow.order_id)
    .limit(bindparam("most", required=True))
)
STRIKE = Statement(delete(UncountedOrderRow).where(one_of(UncountedOrderRow.order_id, "ids")))
UNCOUNTED = Statement(select(func.count()).select_from(UncountedOrderRow))
COUNTED = Statement(
    select(CountedOrderRow.order_id, CountedOrderRow.figures).where(
        one_of(CountedOrderRow.order_id, "ids")
    )
)
FORGET_COUNTED = Statement(delete(CountedOrderRow).where(one_of(CountedOrderRow.order_id, "ids")))
KEEP_COUNTED = insert_into(CountedOrderRow)
ADD = Statement(
    InsertOrAdd(FigureRow).values(
        {column.key: bindparam(column.key) for column in FigureRow.__table__.columns}
    )
)
# Sums that came to nothing tell nothing.
SWEEP = Statement(
    delete(FigureRow).where(
        one_of(FigureRow.house_id, "houses"),
        one_of(FigureRow.day, "days"),
        *(getattr(FigureRow, name) == 0 for name in AMOUNTS),
    )
)
FORGET_FIGURES = Statement(delete(FigureRow))
FORGET_ALL_COUNTED = Statement(delete(CountedOrderRow))
FORGET_NOTES = Statement(delete(UncountedOrderRow))


@dataclass(frozen=True, slots=True)
class Counted:
    """What a turn has done, and how many orders still wait to be counted."""

    orders: int
    left: int


async def note_orders(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Something was told of these orders, so they are to be counted (again)."""
    ids = sorted({str(event.payload["order_id"]) for event in events})
    await uow.many(NOTE, [{"order_id": order_id, "changed_at": uow.now} for order_id in ids])
    plan_turn(uow)


def plan_turn(uow: UnitOfWork) -> None:
    """The next turn of counting; one for all that is noted until then."""
    slot = int(uow.now.timestamp()) // PAUSE_SECONDS + 1
    begins_at = datetime.fromtimestamp(slot * PAUSE_SECONDS, UTC)
    uow.enqueue(COUNT_JOB, {}, run_at=begins_at, key=f"{COUNT_JOB}:{slot}")


async def take_turn(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """The job: count some of what was noted, and come back if there is more."""
    counted = await count_some(uow)
    if counted.left:
        plan_turn(uow)


async def count_some(uow: UnitOfWork, *, most: int = AT_ONCE_MAX) -> Counted:
    """Count what was noted, at most so many orders."""
    if uow.connection.dialect.name == "postgresql":
        await uow.run(TAKE_TURN)
    ids = [row[0] for row in await uow.rows(OLDEST, most=most)]
    if ids:
        # Struck before it is read: what changes after this is noted anew, and not overlooked.
        await uow.run(STRIKE, ids=ids)
        await count_orders(uow, ids)
    return Counted(len(ids), int(await uow.value(UNCOUNTED)))


async def count_orders(uow: UnitOfWork, ids: Sequence[str]) -> None:
    before = {row[0]: figures_in(row[1]) for row in await uow.rows(COUNTED, ids=ids)}
    sums: dict[tuple[str, str], Figures] = {}
    kept = []
    for case in await load_cases(uow, ids):
        order, figures = case.order, figures_of(case)
        places = sums.setdefault((order.house_id, order.currency), {})
        for place, change in difference(figures, before.get(order.id, {})).items():
            places[place] = places.get(place, Figure()).plus(change)
        kept.append(
            {
                "order_id": order.id,
                "house_id": order.house_id,
                "day": order.day,
                "guest": guest_of(uow, order) if case.is_sale else None,
                "figures": [[*place, *figure] for place, figure in figures.items()],
            }
        )
    await uow.run(FORGET_COUNTED, ids=ids)
    await uow.many(KEEP_COUNTED, kept)
    await add(uow, sums)


async def load_cases(look: Look, ids: Sequence[str]) -> list[Case]:
    found = await orders.list_booked(look, ids)
    tenders = await payments.list_tenders(look, ids)
    given_back = await refunds.list_refunds_of(look, ids)
    zones = {
        house_id: (await locations.load_house(look, house_id)).zone
        for house_id in {order.house_id for order in found}
    }
    return [
        Case(
            order,
            tuple(tenders.get(order.id, ())),
            tuple(given_back.get(order.id, ())),
            zones[order.house_id],
        )
        for order in found
    ]


async def add(uow: UnitOfWork, sums: dict[tuple[str, str], Figures]) -> None:
    """Write the changes down, always in the same order."""
    rows = [
        {
            "house_id": house_id,
            "kind": place.kind.value,
            "day": place.day,
            "key": place.key,
            "currency": currency,
            **figure._asdict(),
        }
        for (house_id, currency), figures in sorted(sums.items())
        for place, figure in sorted(figures.items())
        if figure != Figure()
    ]
    await uow.many(ADD, rows)
    if any(row["times"] < 0 or row["minor"] < 0 for row in rows):
        houses = sorted({house_id for house_id, _ in sums})
        days = sorted({str(row["day"]) for row in rows})
        await uow.run(SWEEP, houses=houses, days=days)


def figures_in(rows: list[list[Any]]) -> Figures:
    return {Place(day, Kind(kind), key): Figure(*amounts) for day, kind, key, *amounts in rows}


def guest_of(uow: UnitOfWork, order: orders.BookedOrder) -> str | None:
    """Who ordered, as a name that says nothing: the account, else the phone, else the address."""
    email = (order.guest_email or "").casefold()
    for prefix, known in (("c", order.customer_id), ("p", order.phone_key), ("e", email)):
        if known:
            return derive(uow.secret, purpose="reports.guest", subject=f"{prefix}:{known}")
    return None


async def count_uncounted(look: Look) -> int:
    """How many orders have changed and are not in the figures yet."""
    return int(await look.value(UNCOUNTED))


async def count_all(books: Books, *, at_once: int = AT_ONCE_MAX) -> int:
    """Everything that is noted, in transactions of `at_once`; answers how many orders it were."""
    done = 0
    while True:
        async with books.writing() as uow:
            counted = await count_some(uow, most=at_once)
        done += counted.orders
        if not counted.left:
            return done


async def count_now(uow: UnitOfWork) -> None:
    """Every order there is, in this transaction: for a house that is just being made."""
    await uow.run(NOTE_ALL, now=uow.now)
    while (await count_some(uow)).left:
        pass


async def count_anew(books: Books, *, at_once: int = AT_ONCE_MAX) -> int:
    """Forget all figures and count every order again. If it is stopped, the job goes on with it;
    until it has come to the end, the reports show what is counted by then and say so.
    """
    async with books.writing() as uow:
        for statement in (FORGET_NOTES, FORGET_ALL_COUNTED, FORGET_FIGURES):
            await uow.run(statement)
        await uow.run(NOTE_ALL, now=uow.now)
        plan_turn(uow)
    return await count_all(books, at_once=at_once)
