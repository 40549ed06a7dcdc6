"""A house that could hand its deliveries over, to a market whose address is an attack."""

from __future__ import annotations

from kitchenasty import handoff, locations
from kitchenasty.kit.books import UnitOfWork


async def know_a_market(uow: UnitOfWork, house: locations.House) -> None:
    """It is switched off: nobody is called."""
    draft = handoff.TermsDraft(market_url="https://market.example")
    await handoff.set_terms(uow, house.id, draft, version=0)
