"""Points: earned, spent, turned back and adjusted. Whoever writes holds the guest's counter."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Insert, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from basis.ids import new_id
from basis.kit.data.counters import count_up
from basis.kit.data.statements import Statement, insert_into
from kitchenasty import audit
from kitchenasty.guests import load_guest
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.loyalty.models import THE_ONE, PointCounterRow, PointEntryRow, ProgrammeRow
from kitchenasty.loyalty.queries import load_balance, load_moved, load_programme
from kitchenasty.loyalty.rules import (
    EntryKind,
    NotYourProgramme,
    PointsMoved,
    Programme,
    check_adjustment,
    check_balance,
    check_programme,
)


class InsertOrReplace(Insert):
    """An INSERT of the one row that becomes an update of all its columns when it is there."""

    inherit_cache = False


@compiles(InsertOrReplace)
def write_insert_or_replace(element: InsertOrReplace, compiler: SQLCompiler, **kw: Any) -> str:
    inserting: str = compiler.visit_insert(element, **kw)  # type: ignore[no-untyped-call]
    names = [c.name for c in element.table.columns if not c.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names)
    return f"{inserting} ON CONFLICT (id) DO UPDATE SET {changes}"


SAVE_PROGRAMME = Statement(
    InsertOrReplace(ProgrammeRow).values(
        {column.key: bindparam(column.key) for column in ProgrammeRow.__table__.columns}
    )
)
HOLD = count_up(PointCounterRow)
ADD = insert_into(PointEntryRow)


@dataclass(frozen=True, slots=True)
class Held:
    """A guest's points, held until the end of the transaction. `number` is the next entry's."""

    customer_id: str
    number: int
    balance: int


@dataclass(frozen=True, slots=True)
class About:
    """Which order an entry is about, as its guest knows it."""

    order_id: str
    order_number: str


async def hold(uow: UnitOfWork, customer_id: str) -> Held:
    """On PostgreSQL the counter's row is locked until the commit, on SQLite everything is. The
    balance is read after that, by a statement of its own: it is the one that will be spent.
    """
    number = int(await uow.value(HOLD, customer_id=customer_id))
    return Held(customer_id, number, await load_balance(uow, customer_id))


async def hold_to_spend(uow: UnitOfWork, customer_id: str, points: int) -> Held:
    """Points for an order to come; of many who want the same ones, one gets them.

    Raises PointsShort, after which the transaction must end.
    """
    held = await hold(uow, customer_id)
    check_balance(points, held.balance)
    return held


async def spend(uow: UnitOfWork, held: Held, points: int, about: About) -> None:
    """Write down what was held before: the order has them now."""
    await write(uow, held, EntryKind.SPENT, -points, about=about)


async def earn(uow: UnitOfWork, customer_id: str, about: About, points: int) -> None:
    """Once for an order, however often asked."""
    if points <= 0:
        return
    held = await hold(uow, customer_id)
    _, _, moved = await load_moved(uow, about.order_id)
    if not moved.earned:
        await write(uow, held, EntryKind.EARNED, points, about=about)


async def give_back(uow: UnitOfWork, order_id: str) -> None:
    """The order will not be: what it took is its guest's again. Once, however often asked."""
    await turn_back(uow, order_id, refunded_minor=0, total_minor=0)


async def turn_back(
    uow: UnitOfWork, order_id: str, *, refunded_minor: int, total_minor: int
) -> None:
    """So much of an order's total is refunded by now, all refunds together: the same share of the
    points that it took is given back, and of those that it earned is taken away. Asked again with
    the same sum, nothing happens.
    """
    customer_id, _, _ = await load_moved(uow, order_id)
    if customer_id is None:
        return
    held = await hold(uow, customer_id)
    # Read again: two refunds at once have waited for each other here.
    _, order_number, moved = await load_moved(uow, order_id)
    back, less = moved.turned_back(refunded_minor, total_minor)
    about = About(order_id, order_number or "")
    if back:
        await write(uow, held, EntryKind.GIVEN_BACK, back, about=about)
        held = await hold(uow, customer_id) if less else held
    if less:
        await write(uow, held, EntryKind.REVERSED, -less, about=about)


async def adjust(
    uow: UnitOfWork, customer_id: str, points: int, *, reason: str, seen: int | None = None
) -> int:
    """Give a guest points, or take some away; answers the new balance. With `seen`, the number of
    the newest entry that the acting person saw, no other may have followed it.

    Raises AdjustmentRefused, PointsShort, PointsMoved, GuestNotFound.
    """
    why = reason.strip()
    check_adjustment(points, why)
    await load_guest(uow, customer_id)
    held = await hold(uow, customer_id)
    if seen is not None and held.number != seen + 1:
        raise PointsMoved
    if points < 0:
        check_balance(-points, held.balance)
    await write(uow, held, EntryKind.ADJUSTED, points, reason=why)
    await audit.record(
        uow,
        action="adjust",
        entity="Points",
        entity_id=customer_id,
        before={"points": held.balance},
        after={"points": held.balance + points, "reason": why},
    )
    return held.balance + points


async def change_programme(uow: UnitOfWork, programme: Programme) -> Programme:
    """Raises ProgrammeRefused, NotYourProgramme."""
    if uow.actor.is_staff and uow.actor.house_ids is not None:
        raise NotYourProgramme
    check_programme(programme)
    before = asdict(await load_programme(uow))
    after = asdict(programme)
    changed = [name for name, value in after.items() if value != before[name]]
    await uow.run(SAVE_PROGRAMME, id=THE_ONE, updated_at=uow.now, **after)
    if changed:
        await audit.record(
            uow,
            action="update",
            entity="PointProgramme",
            entity_id=None,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return programme


async def write(
    uow: UnitOfWork,
    held: Held,
    kind: EntryKind,
    points: int,
    *,
    about: About | None = None,
    reason: str | None = None,
) -> None:
    await uow.run(
        ADD,
        id=new_id(),
        customer_id=held.customer_id,
        number=held.number,
        kind=kind,
        points=points,
        balance=held.balance + points,
        order_id=about.order_id if about else None,
        order_number=about.order_number if about else None,
        reason=reason,
        happened_at=uow.now,
    )
