"""A printer in a house in which every text can be replaced by attacks, and what it printed."""

from __future__ import annotations

from kitchenasty import locations, printing
from kitchenasty.kit.books import UnitOfWork


async def put_up_a_printer(uow: UnitOfWork, house: locations.House) -> None:
    """Under the id of its house."""
    draft = printing.PrinterDraft(name="Pass", address="10.0.0.5")
    await printing.add_printer(uow, house.id, draft, printer_id=house.id)
    printer = await printing.load_printer(uow, house.id, house.id)
    await printing.print_at(uow, printer, "Order 1", key=house.id)
