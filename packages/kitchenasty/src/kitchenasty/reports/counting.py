"""Keeping the figures: an order that has changed is noted in passing and counted a little later.

What is noted costs the dispatcher one statement for a batch of events, however many. Counting is a
job of its own with a limit, so that in the rush of an evening the orders go first and the figures
follow. Counting an order twice changes nothing: only the difference to what it had added is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from basis.kit.data.columns import UtcDateTime
from basis.kit.data.outbox import StoredEvent
from basis.kit.data.statements import Row, Statement, insert_into, insert_unless_there, one_of
from basis.signing import derive
from kitchenasty import locations, orders, payments, refunds
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.reports.entries import Case, Figure, Figures, Kind, Place, difference, figures_of
from kitchenasty.reports.models import CountedOrderRow, UncountedOrderRow
from kitchenasty.reports.storing import Sums, add_sums, add_visits, forget_sums, look_around
from kitchenasty.reports.visits import Visit, figures_of_visits

COUNT_JOB = "reports.count"
AT_ONCE_MAX = 100
PAUSE_SECONDS = 10
TURN_LOCK = 7_406_002  # names the turn of counting on PostgreSQL
NO_CURRENCY = ""
"""Guests are people and have none."""

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
    select(
        CountedOrderRow.order_id,
        CountedOrderRow.house_id,
        CountedOrderRow.day,
        CountedOrderRow.guest,
        CountedOrderRow.figures,
    ).where(one_of(CountedOrderRow.order_id, "ids"))
)
FORGET_COUNTED = Statement(delete(CountedOrderRow).where(one_of(CountedOrderRow.order_id, "ids")))
KEEP_COUNTED = insert_into(CountedOrderRow)
FORGET_ALL_COUNTED = Statement(delete(CountedOrderRow))
FORGET_NOTES = Statement(delete(UncountedOrderRow))


@dataclass(frozen=True, slots=True)
class Entry:
    """What an order has added, and for whom; the guest is None where it is no sale."""

    order_id: str
    house_id: str
    day: str
    guest: str | None
    figures: Figures

    @property
    def visits(self) -> list[Visit]:
        return [] if self.guest is None else [Visit(self.house_id, self.guest, self.day)]


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
    await wait_for_turn(uow)
    ids = [row[0] for row in await uow.rows(OLDEST, most=most)]
    if ids:
        # Struck before it is read: what changes after this is noted anew, and not overlooked.
        await uow.run(STRIKE, ids=ids)
        await count_orders(uow, ids)
    return Counted(len(ids), int(await uow.value(UNCOUNTED)))


async def wait_for_turn(uow: UnitOfWork) -> None:
    """One counts at a time: what an order has added is read here and written below."""
    if uow.connection.dialect.name == "postgresql":
        await uow.run(TAKE_TURN)


async def forget_guests(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """The orders of guests who were erased are counted anew at once, as nobody's."""
    await wait_for_turn(uow)
    for event in events:
        await count_orders(uow, [str(one) for one in event.payload["order_ids"]])


async def count_orders(uow: UnitOfWork, ids: Sequence[str]) -> None:
    before = {row[0]: entry_of_row(row) for row in await uow.rows(COUNTED, ids=ids)}
    sums: Sums = {}
    visits: Counter[Visit] = Counter()
    kept = []
    for case in await load_cases(uow, ids):
        entry, order = entry_of(uow, case), case.order
        old = before.get(order.id, replace(entry, guest=None, figures={}))
        add_up(sums, (order.house_id, order.currency), difference(entry.figures, old.figures))
        visits.update(entry.visits)
        visits.subtract(old.visits)
        kept.append(row_of_entry(entry))
    for house_id, figures in (await follow_guests(uow, visits)).items():
        add_up(sums, (house_id, NO_CURRENCY), figures)
    await uow.run(FORGET_COUNTED, ids=ids)
    await uow.many(KEEP_COUNTED, kept)
    await add_sums(uow, sums)


def add_up(sums: Sums, owner: tuple[str, str], changes: Figures) -> None:
    places = sums.setdefault(owner, {})
    for place, change in changes.items():
        places[place] = places.get(place, Figure()).plus(change)


def entry_of(uow: UnitOfWork, case: Case) -> Entry:
    order = case.order
    guest = guest_of(uow, order) if case.is_sale else None
    return Entry(order.id, order.house_id, order.day, guest, figures_of(case))


def entry_of_row(row: Row) -> Entry:
    order_id, house_id, day, guest, figures = row
    return Entry(order_id, house_id, day, guest, figures_in(figures))


def row_of_entry(entry: Entry) -> dict[str, Any]:
    figures = [[*place, *figure] for place, figure in entry.figures.items()]
    return {**asdict(replace(entry, figures={})), "figures": figures}


async def follow_guests(uow: UnitOfWork, changes: Mapping[Visit, int]) -> dict[str, Figures]:
    """Keep the days on which guests came, and tell by house what becomes of new and returning
    ones. A visit that goes makes the guest's next day one on which they had come less lately.
    """
    changed = {visit: by for visit, by in changes.items() if by}
    if not changed:
        return {}
    before, after = await look_around(uow, changed)
    await add_visits(uow, changed)
    was, now = figures_of_visits(before), figures_of_visits(after)
    return {
        house_id: difference(now.get(house_id, {}), was.get(house_id, {}))
        for house_id in sorted({*was, *now})
    }


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
        await uow.run(FORGET_NOTES)
        await uow.run(FORGET_ALL_COUNTED)
        await forget_sums(uow)
        await uow.run(NOTE_ALL, now=uow.now)
        plan_turn(uow)
    return await count_all(books, at_once=at_once)
