"""Guests with points; a test names only what matters to it."""

from __future__ import annotations

from typing import Any

from basis.ids import new_code
from kitchenasty import guests, loyalty
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Principal


async def add_guest(uow: UnitOfWork, points: int = 0) -> Principal:
    """A guest with an account and so many points."""
    email = f"{new_code(8).lower()}@guest.example"
    newcomer = guests.NewGuest(email=email, name="Anna")
    guest = await guests.register_guest(uow, newcomer, password_hash="none")
    if points:
        await loyalty.adjust(uow, guest.id, points, reason="a present")
    return Principal(kind=Kind.CUSTOMER, id=guest.id, name=guest.name, email=guest.email)


async def set_up(uow: UnitOfWork, **fields: Any) -> loyalty.Programme:
    """One point for each euro; 100 points are worth one."""
    return await loyalty.change_programme(uow, loyalty.Programme(**{"is_on": True, **fields}))


async def bearer(uow: UnitOfWork, guest: Principal) -> dict[str, str]:
    assert guest.id is not None
    token = await open_session(
        uow, kind=SessionKind.API, subject_kind=Kind.CUSTOMER, subject_id=guest.id
    )
    return {"authorization": f"Bearer {token}"}
