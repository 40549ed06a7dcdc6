"""A printer with a docket that it has printed."""

from __future__ import annotations

from sqlalchemy import update

from basis.ids import new_id
from basis.kit.data.statements import Statement
from kitchenasty import printing
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.printing.models import PrintoutRow
from kitchenasty.printing.states import PrintoutState


async def a_printer(uow: UnitOfWork, house_id: str) -> tuple[str, str]:
    """Their ids. A house has room for some; older ones make way."""
    for older in (await printing.list_printers(uow, house_id))[:-3]:
        await printing.remove_printer(uow, house_id, older.id)
    draft = printing.PrinterDraft(name="Pass", address="10.0.0.5")
    printer_id = await printing.add_printer(uow, house_id, draft)
    printer = await printing.load_printer(uow, house_id, printer_id)
    await printing.print_at(uow, printer, "Order 1", key=new_id())
    (printout,) = await printing.list_printouts(uow, printer_id)
    done = update(PrintoutRow).where(PrintoutRow.id == printout.id)
    await uow.run(Statement(done.values(state=PrintoutState.PRINTED)))
    return printer_id, printout.id
