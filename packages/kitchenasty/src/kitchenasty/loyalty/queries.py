"""Reading points."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement
from kitchenasty.kit.books import Look
from kitchenasty.loyalty.models import PointEntryRow, ProgrammeRow
from kitchenasty.loyalty.rules import Entry, EntryKind, Moved, Programme

OF_CUSTOMER = PointEntryRow.customer_id == bindparam("of_customer", required=True)
LAST = PointEntryRow.number.desc()
PROGRAMME = Statement(
    select(
        ProgrammeRow.is_on,
        ProgrammeRow.currency,
        ProgrammeRow.points_per_unit,
        ProgrammeRow.hundred_points_minor,
        ProgrammeRow.spend_min_points,
    )
)
BALANCE = Statement(select(PointEntryRow.balance).where(OF_CUSTOMER).order_by(LAST).limit(1))
FIELDS = (
    "id",
    "number",
    "kind",
    "points",
    "balance",
    "order_id",
    "order_number",
    "reason",
    "happened_at",
)
LIST = Statement(
    select(*(getattr(PointEntryRow, name) for name in FIELDS))
    .where(OF_CUSTOMER)
    .order_by(LAST)
    .limit(bindparam("most", required=True))
    .offset(bindparam("skipped", required=True))
)
COUNT = Statement(select(func.count()).select_from(PointEntryRow).where(OF_CUSTOMER))
OF_ORDER = Statement(
    select(PointEntryRow.customer_id, PointEntryRow.order_number, PointEntryRow.kind,
           PointEntryRow.points)
    .where(PointEntryRow.order_id == bindparam("of_order", required=True))
)  # fmt: skip


async def load_programme(look: Look) -> Programme:
    """As it was set up last; switched off before that."""
    row = await look.row(PROGRAMME)
    if row is None:
        return Programme()
    is_on, currency, per_unit, hundred, least = row
    return Programme(
        is_on=is_on,
        currency=currency,
        points_per_unit=per_unit,
        hundred_points_minor=hundred,
        spend_min_points=least,
    )


async def load_balance(look: Look, customer_id: str) -> int:
    """The sum of a guest's entries; below 0 after a refund of what brought points spent since."""
    return int(await look.value(BALANCE, of_customer=customer_id) or 0)


async def list_entries(look: Look, customer_id: str, page: Page) -> tuple[list[Entry], int]:
    """The newest first, and how many there are."""
    rows = await look.rows(LIST, of_customer=customer_id, most=page.limit, skipped=page.offset)
    entries = [Entry(**dict(zip(FIELDS, row, strict=True))) for row in rows]
    return entries, int(await look.value(COUNT, of_customer=customer_id))


async def load_moved(look: Look, order_id: str) -> tuple[str | None, str | None, Moved]:
    """Whose points an order has moved, the order's number, and how; nobody's if it has not."""
    rows = await look.rows(OF_ORDER, of_order=order_id)
    if not rows:
        return None, None, Moved()
    sums = dict.fromkeys(EntryKind, 0)
    for _, _, kind, points in rows:
        sums[EntryKind(kind)] += points
    customer_id, order_number, _, _ = rows[0]
    moved = Moved(
        earned=sums[EntryKind.EARNED],
        spent=-sums[EntryKind.SPENT],
        given_back=sums[EntryKind.GIVEN_BACK],
        reversed=-sums[EntryKind.REVERSED],
    )
    return customer_id, order_number, moved
