"""Printers of a house, and what they are told to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from kitchenasty import audit
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.printing import queries
from kitchenasty.printing.escpos import WIDTHS
from kitchenasty.printing.queries import Printer, list_printers, load_printer
from kitchenasty.printing.states import PATIENCE, PrintoutState

PRINTERS_MAX = 20
NAME_LENGTH_MAX = 60
BODY_LENGTH_MAX = 8_000
PORT_USUAL = 9_100
PORT_MAX = 65_535
KEPT = timedelta(days=2)
"""Printed dockets are forgotten after that: orders and traces of rules say what was on them."""


class PrinterRefused(Invalid):
    """A printer cannot be like that; the sentence says why."""


class PrinterChanged(Conflict):
    def __init__(self) -> None:
        super().__init__("Somebody has changed this printer meanwhile. Please look again.")


class NoPrinter(Conflict):
    def __init__(self) -> None:
        super().__init__("No printer of this house is switched on.")


class PrinterIsOff(Conflict):
    def __init__(self) -> None:
        super().__init__("This printer is switched off. Switch it on and save it first.")


class StillWaiting(Conflict):
    def __init__(self) -> None:
        super().__init__("This docket is on its way to the printer, or is gone.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterDraft:
    """`width`: letters on a line."""

    name: str
    address: str
    port: int = PORT_USUAL
    width: int = 42
    answers: bool = True
    is_on: bool = True

    def check(self) -> None:
        """Raises PrinterRefused."""
        if not 0 < len(self.name) <= NAME_LENGTH_MAX:
            raise PrinterRefused("A printer needs a name that cooks know it by.")
        if not is_host(self.address):
            raise PrinterRefused("Please write its address in the network, such as 192.168.1.50.")
        if not 1 <= self.port <= PORT_MAX:
            raise PrinterRefused("A port is a number from 1 to 65535; printers listen on 9100.")
        if self.width not in WIDTHS:
            raise PrinterRefused("Please choose how wide its paper is.")


def is_host(text: str) -> bool:
    """A name or an address, and nothing else that a line could hold."""
    return 0 < len(text) <= 253 and all(  # RFC 1035, 2.3.4
        one.isascii() and (one.isalnum() or one in ".-:") for one in text
    )


async def add_printer(
    uow: UnitOfWork, house_id: str, draft: PrinterDraft, *, printer_id: str | None = None
) -> str:
    """Its id. Raises PrinterRefused."""
    draft.check()
    known = await list_printers(uow, house_id)
    made = printer_id or new_id()
    if any(one.id == made for one in known):
        return made  # the same form, sent twice
    if len(known) >= PRINTERS_MAX:
        raise PrinterRefused(f"A house has {PRINTERS_MAX} printers at most.")
    await uow.run(
        queries.ADD,
        id=made,
        house_id=house_id,
        name=draft.name,
        address=draft.address,
        port=draft.port,
        width=draft.width,
        answers=draft.answers,
        is_on=draft.is_on,
        trouble=None,
        trouble_since=None,
        printed_at=None,
        version=1,
        created_at=uow.now,
    )
    await write_down(uow, "create", made, facts_of(draft))
    return made


async def change_printer(
    uow: UnitOfWork, house_id: str, printer_id: str, draft: PrinterDraft, version: int
) -> None:
    """Raises PrinterRefused, PrinterChanged, PrinterNotFound."""
    draft.check()
    printer = await load_printer(uow, house_id, printer_id)
    changed = await uow.run(
        queries.CHANGE,
        printer_id=printer.id,
        before=version,
        new_name=draft.name,
        new_address=draft.address,
        new_port=draft.port,
        new_width=draft.width,
        new_answers=draft.answers,
        new_is_on=draft.is_on,
    )
    if not changed:
        raise PrinterChanged
    await write_down(uow, "update", printer.id, facts_of(draft))


async def remove_printer(uow: UnitOfWork, house_id: str, printer_id: str) -> None:
    """With what it was to print. Raises PrinterNotFound."""
    printer = await load_printer(uow, house_id, printer_id)
    await uow.run(queries.REMOVE, printer_id=printer.id)
    await write_down(uow, "delete", printer.id, {"name": printer.name})


async def print_text(
    uow: UnitOfWork, house_id: str, body: str, *, key: str, about_id: str | None = None
) -> None:
    """On each printer of the house that is on, once for each key. Raises NoPrinter."""
    printers = [one for one in await list_printers(uow, house_id) if one.is_on]
    if not printers:
        raise NoPrinter
    for printer in printers:
        await print_at(uow, printer, body, key=key, about_id=about_id)


async def print_at(
    uow: UnitOfWork, printer: Printer, body: str, *, key: str, about_id: str | None = None
) -> None:
    """At this one. Raises PrinterIsOff."""
    if not printer.is_on:
        raise PrinterIsOff
    await uow.run(
        queries.QUEUE,
        id=new_id(),
        printer_id=printer.id,
        key=key,
        about_id=about_id,
        body=body[:BODY_LENGTH_MAX],
        state=PrintoutState.WAITING,
        is_doubtful=False,
        tries=0,
        try_at=uow.now,
        useful_until=uow.now + PATIENCE,
        claimed_until=None,
        created_at=uow.now,
        settled_at=None,
    )


async def print_again(uow: UnitOfWork, house_id: str, printer_id: str, printout_id: str) -> None:
    """With REPRINT on it. Raises PrinterNotFound, StillWaiting."""
    printer = await load_printer(uow, house_id, printer_id)
    done = await uow.run(
        queries.AGAIN,
        printout_id=printout_id,
        of_printer=printer.id,
        now=uow.now,
        until=uow.now + PATIENCE,
    )
    if not done:
        raise StillWaiting


async def forget_old_printouts(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(queries.FORGET, before=uow.now - KEPT)


def facts_of(draft: PrinterDraft) -> dict[str, Any]:
    return {"name": draft.name, "address": draft.address, "port": draft.port, "on": draft.is_on}


async def write_down(uow: UnitOfWork, action: str, printer_id: str, after: dict[str, Any]) -> None:
    await audit.record(uow, action=action, entity="Printer", entity_id=printer_id, after=after)
