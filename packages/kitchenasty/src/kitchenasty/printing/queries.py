"""Statements on printers and printouts, and what they give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, text, update

from basis.errors import NotFound
from basis.kit.data.columns import UtcDateTime
from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from kitchenasty.kit.books import Look
from kitchenasty.printing.models import WAITING, PrinterRow, PrintoutRow
from kitchenasty.printing.states import PrintoutState, Trouble

SHOWN_MAX = 30
P, O = PrinterRow, PrintoutRow  # noqa: E741  # printer, printout
NOW = bindparam("now", required=True, type_=UtcDateTime())
OF_PRINTER = P.id == bindparam("printer_id", required=True)
OF_PRINTOUT = O.id == bindparam("printout_id", required=True)
NAMES = (
    "id", "house_id", "name", "address", "port", "width", "answers", "is_on", "trouble",
    "trouble_since", "printed_at", "version",
)  # fmt: skip
KNOWN = select(*(getattr(P, name) for name in NAMES))
BY_ID = Statement(KNOWN.where(OF_PRINTER))
OF_HOUSE = Statement(
    KNOWN.where(P.house_id == bindparam("house_id", required=True)).order_by(P.name, P.id)
)
ADD = insert_into(PrinterRow)
CHANGE = Statement(
    update(P)
    .where(OF_PRINTER, P.version == bindparam("before", required=True))
    .values(
        name=bindparam("new_name", required=True),
        address=bindparam("new_address", required=True),
        port=bindparam("new_port", required=True),
        width=bindparam("new_width", required=True),
        answers=bindparam("new_answers", required=True),
        is_on=bindparam("new_is_on", required=True),
        trouble=None,
        trouble_since=None,
        version=P.version + 1,
    )
)
REMOVE = Statement(delete(P).where(OF_PRINTER))
FAIL = Statement(
    update(P)
    .where(OF_PRINTER)
    .values(
        trouble=bindparam("why", required=True),
        trouble_since=func.coalesce(P.trouble_since, NOW),
    )
)
WORK = Statement(
    update(P).where(OF_PRINTER).values(trouble=None, trouble_since=None, printed_at=NOW)
)

QUEUE = insert_unless_there(PrintoutRow)
# The state is written out, so that the planner can use the partial index on what waits.
IS_WAITING = text(f"printouts.{WAITING}")
IS_FREE = or_(O.claimed_until.is_(None), O.claimed_until < NOW)
BUSY = Statement(
    select(P.id).where(P.is_on, exists().where(O.printer_id == P.id, IS_WAITING, O.try_at <= NOW))
)
# The oldest first, and none before it is done: dockets come out in the order of what happened.
NEXT = Statement(
    select(O.id, O.try_at, O.claimed_until)
    .where(O.printer_id == bindparam("printer_id", required=True), IS_WAITING)
    .order_by(O.created_at, O.id)
    .limit(1)
)
# Whoever finds it claimed by a process that is gone cannot know how much of it was printed.
CLAIM = Statement(
    update(O)
    .where(OF_PRINTOUT, IS_WAITING, O.try_at <= NOW, IS_FREE)
    .values(
        claimed_until=bindparam("lease_until", required=True),
        is_doubtful=or_(O.is_doubtful, and_(O.claimed_until.is_not(None))),
        tries=O.tries + 1,
    )
)
CLAIMED = Statement(
    select(O.id, O.printer_id, O.body, O.is_doubtful, O.tries, O.useful_until).where(OF_PRINTOUT)
)
SETTLE = Statement(
    update(O)
    .where(OF_PRINTOUT, IS_WAITING)
    .values(
        state=bindparam("after", required=True),
        is_doubtful=bindparam("doubtful", required=True),
        try_at=bindparam("again_at", required=True),
        settled_at=bindparam("settled", required=True),
        claimed_until=None,
    )
)
AGAIN = Statement(
    update(O)
    .where(
        OF_PRINTOUT,
        O.printer_id == bindparam("of_printer", required=True),
        O.state != PrintoutState.WAITING,
    )
    .values(
        state=PrintoutState.WAITING,
        is_doubtful=True,
        try_at=NOW,
        useful_until=bindparam("until", required=True),
        claimed_until=None,
        settled_at=None,
    )
)
FORGET = Statement(delete(O).where(O.created_at < bindparam("before", required=True)))
RECENT = Statement(
    select(O.id, O.body, O.state, O.is_doubtful, O.tries, O.created_at, O.settled_at)
    .where(O.printer_id == bindparam("printer_id", required=True))
    .order_by(O.created_at.desc(), O.id.desc())
    .limit(SHOWN_MAX)
)
COUNT_WAITING = Statement(
    select(O.printer_id, func.count())
    .where(
        O.printer_id.in_(
            select(P.id).where(P.house_id == bindparam("house_id", required=True)).scalar_subquery()
        ),
        IS_WAITING,
    )
    .group_by(O.printer_id)
)


class PrinterNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This printer is not there any more.")


@dataclass(frozen=True, slots=True)
class Printer:
    id: str
    house_id: str
    name: str
    address: str
    port: int
    width: int
    answers: bool
    is_on: bool
    trouble: Trouble | None
    trouble_since: datetime | None
    printed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Printout:
    id: str
    body: str
    state: PrintoutState
    is_doubtful: bool
    tries: int
    created_at: datetime
    settled_at: datetime | None


async def list_printers(look: Look, house_id: str) -> list[Printer]:
    return [Printer(*row) for row in await look.rows(OF_HOUSE, house_id=house_id)]


async def load_printer(look: Look, house_id: str, printer_id: str) -> Printer:
    """Raises PrinterNotFound, also for one of another house."""
    row = await look.row(BY_ID, printer_id=printer_id)
    if row is None or row[1] != house_id:
        raise PrinterNotFound
    return Printer(*row)


async def list_printouts(look: Look, printer_id: str) -> list[Printout]:
    """The newest first."""
    return [Printout(*row) for row in await look.rows(RECENT, printer_id=printer_id)]


async def count_waiting(look: Look, house_id: str) -> dict[str, int]:
    """By printer, of those that have any."""
    return {str(row[0]): int(row[1]) for row in await look.rows(COUNT_WAITING, house_id=house_id)}
