"""On which terms a house takes reservations: its own, else those of all houses."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, select

from basis.kit.data.statements import Statement, insert_into
from kitchenasty import audit, locations
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservation_terms.models import ReservationTermsRow
from kitchenasty.reservation_terms.settings import load_common_terms
from kitchenasty.reservation_terms.terms import Terms, check_terms

TERMS = Statement(
    select(ReservationTermsRow.terms).where(
        ReservationTermsRow.house_id == bindparam("of_house", required=True)
    )
)
INSERT = insert_into(ReservationTermsRow)
REMOVE = Statement(
    delete(ReservationTermsRow).where(
        ReservationTermsRow.house_id == bindparam("of_house", required=True)
    )
)


async def load_terms(look: Look, house_id: str) -> Terms:
    """The house's own terms, else those that were set for all houses."""
    own = await look.value(TERMS, of_house=house_id)
    return await load_common_terms(look) if own is None else msgspec.convert(own, Terms)


async def has_own_terms(look: Look, house_id: str) -> bool:
    return await look.value(TERMS, of_house=house_id) is not None


async def set_terms(uow: UnitOfWork, house_id: str, terms: Terms | None) -> None:
    """From now on the house takes reservations so; None: as all houses do. What is booked stays.
    Raises HouseNotFound, NotYourHouse, TermsRefused.
    """
    house = await locations.load_own_house(uow, house_id)
    if terms is not None:
        check_terms(terms)
    before = await load_terms(uow, house.id)
    await uow.run(REMOVE, of_house=house.id)
    if terms is not None:
        kept: Any = msgspec.to_builtins(terms)
        await uow.run(INSERT, house_id=house.id, terms=kept, updated_at=uow.now)
    after = await load_terms(uow, house.id)
    if after != before:
        await audit.record(
            uow,
            action="update",
            entity="ReservationTerms",
            entity_id=house.id,
            before=msgspec.to_builtins(before),
            after=msgspec.to_builtins(after),
        )
