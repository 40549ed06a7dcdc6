"""Who is told by the house, for the doors that are about one: programs, and printers."""

from __future__ import annotations

from kitchenasty.kit.books import Books
from kitchenasty.printing.tests.builders import a_printer
from kitchenasty.webhooks.tests.builders import a_webhook


async def make_receiver(books: Books, house_id: str, route: str) -> dict[str, str]:
    """The parts of its address; nothing where the route is about none."""
    async with books.writing() as uow:
        if "{webhook_id" in route:
            endpoint_id, delivery_id = await a_webhook(uow)
            return {"webhook_id:str": endpoint_id, "delivery_id:str": delivery_id}
        if "{printer_id" in route:
            printer_id, printout_id = await a_printer(uow, house_id)
            return {"printer_id:str": printer_id, "printout_id:str": printout_id}
    return {}
