"""Somebody on the staff, signed in as a program is."""

from __future__ import annotations

from basis.ids import new_code
from kitchenasty import staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role


async def sign_in(books: Books, role: Role, *house_ids: str) -> dict[str, str]:
    """The headers of somebody on the staff; without houses they work in all of them."""
    async with books.writing() as uow:
        newcomer = staff.NewMember(
            email=f"{new_code(8).lower()}@house.example",
            name="Rosa",
            role=role,
            house_ids=house_ids or None,
        )
        member = await staff.add_member(uow, newcomer, password_hash="none")
        token = await open_session(
            uow, kind=SessionKind.API, subject_kind=Kind.STAFF, subject_id=member.id
        )
    return {"authorization": f"Bearer {token}"}
