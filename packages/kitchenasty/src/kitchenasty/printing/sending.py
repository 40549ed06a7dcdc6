"""One docket: claimed, printed, noted; each in a transaction of its own, and none is open while the
printer works. If the process dies in between, the claim runs out and the docket is printed once
more, with REPRINT on it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from basis.kit.limits import Network, is_within, plain_address
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.printing import escpos, queries
from kitchenasty.printing.queries import Printer
from kitchenasty.printing.states import LEASE, PrintoutState, Trouble, wait_after

logger = structlog.get_logger(__name__)

CONNECT_SECONDS, ANSWER_SECONDS, PRINT_SECONDS = 5.0, 3.0, 20.0


class NotPrinted(Exception):
    """`is_begun`: some of it may lie on paper."""

    def __init__(self, trouble: Trouble, *, is_begun: bool = False) -> None:
        super().__init__(trouble)
        self.trouble, self.is_begun = trouble, is_begun


@dataclass(frozen=True, slots=True)
class Claimed:
    """A docket that is ours to print for as long as the lease runs."""

    id: str
    printer_id: str
    body: str
    is_doubtful: bool
    tries: int
    useful_until: datetime


async def print_next(books: Books, networks: Sequence[Network], printer_id: str) -> bool:
    """Print what has waited longest; False when nothing is due, or it could not be printed."""
    async with books.writing() as uow:
        claimed = await claim(uow, printer_id)
        row = await uow.row(queries.BY_ID, printer_id=printer_id)
    if claimed is None or row is None:
        return False
    printer, trouble, is_doubtful = Printer(*row), None, claimed.is_doubtful
    paper = escpos.docket(claimed.body, width=printer.width, is_reprint=is_doubtful)
    try:
        await put_on_paper(printer, paper, networks)
    except NotPrinted as failed:
        trouble, is_doubtful = failed.trouble, is_doubtful or failed.is_begun
    async with books.writing() as uow:
        await note(uow, claimed, trouble, is_doubtful=is_doubtful)
    return trouble is None


async def claim(uow: UnitOfWork, printer_id: str) -> Claimed | None:
    """The oldest of this printer; None if it is not its time yet, or another process has it."""
    found = await uow.row(queries.NEXT, printer_id=printer_id)
    if found is None:
        return None
    lease_until = uow.now + LEASE
    if not await uow.run(queries.CLAIM, printout_id=found[0], now=uow.now, lease_until=lease_until):
        return None
    row = await uow.row(queries.CLAIMED, printout_id=found[0])
    return None if row is None else Claimed(*row)


async def note(
    uow: UnitOfWork, claimed: Claimed, trouble: Trouble | None, *, is_doubtful: bool
) -> None:
    """How it went, at the docket and at its printer."""
    if trouble is None:
        await uow.run(queries.WORK, printer_id=claimed.printer_id, now=uow.now)
        after = PrintoutState.PRINTED
    else:
        logger.warning("printing.failed", printer=claimed.printer_id, trouble=trouble)
        await uow.run(queries.FAIL, printer_id=claimed.printer_id, why=trouble, now=uow.now)
        is_late = uow.now >= claimed.useful_until
        after = PrintoutState.GIVEN_UP if is_late else PrintoutState.WAITING
    await uow.run(
        queries.SETTLE,
        printout_id=claimed.id,
        after=after,
        doubtful=is_doubtful,
        again_at=uow.now + wait_after(claimed.tries),
        settled=None if after is PrintoutState.WAITING else uow.now,
    )


async def put_on_paper(printer: Printer, paper: bytes, networks: Sequence[Network]) -> None:
    """Raises NotPrinted. A printer that answers is asked before whether it can print, and after all
    of it whether it has; one that says nothing is believed when it has taken every byte.
    """
    async with connected(printer, networks) as (reader, writer):
        if printer.answers:
            await check_ready(reader, writer)
        try:
            writer.write(paper + (escpos.ASK_WHEN_DONE if printer.answers else b""))
            async with asyncio.timeout(PRINT_SECONDS):
                await writer.drain()
                if printer.answers:
                    await reader.readexactly(1)
                else:
                    writer.write_eof()
                    await reader.read()
        except TimeoutError as error:
            raise NotPrinted(Trouble.SILENT, is_begun=True) from error
        except (OSError, asyncio.IncompleteReadError) as error:
            raise NotPrinted(Trouble.AWAY, is_begun=True) from error


async def check_ready(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Raises NotPrinted, with nothing on paper."""
    for question, is_well, trouble in (
        (escpos.ASK_LINE, escpos.is_on_line, Trouble.COVER),
        (escpos.ASK_PAPER, escpos.has_paper, Trouble.PAPER),
    ):
        try:
            writer.write(question)
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await reader.readexactly(1)
        except TimeoutError as error:
            raise NotPrinted(Trouble.SILENT) from error
        except (OSError, asyncio.IncompleteReadError) as error:
            raise NotPrinted(Trouble.AWAY) from error
        if not is_well(answer[0]):
            raise NotPrinted(trouble)


@contextlib.asynccontextmanager
async def connected(
    printer: Printer, networks: Sequence[Network]
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """To the very address that was looked at, which must lie in a network that the operator has
    named: an owner can have us call nothing else. Raises NotPrinted.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            found = await loop.getaddrinfo(printer.address, printer.port)
            address = plain_address(str(found[0][4][0]))
            if address is None or not is_within(address, networks):
                raise NotPrinted(Trouble.FORBIDDEN)
            reader, writer = await asyncio.open_connection(address, printer.port)
    except (OSError, TimeoutError, UnicodeError) as error:
        raise NotPrinted(Trouble.AWAY) from error
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
