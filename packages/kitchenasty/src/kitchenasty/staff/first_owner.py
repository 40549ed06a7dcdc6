"""A fresh server has no accounts: the first owner comes in with a code that the server prints."""

from __future__ import annotations

from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.sessions import hash_token
from kitchenasty.kit.principals import Role
from kitchenasty.staff import queries
from kitchenasty.staff.codes import make_code, plain_code
from kitchenasty.staff.people import Member, NewMember, SetUpRefused
from kitchenasty.staff.service import add_member

CODE_SLOT = "first"


async def prepare_set_up(uow: UnitOfWork) -> str | None:
    """A fresh one-time code to print at start, or None if somebody is on the staff already."""
    await uow.run(queries.FORGET_CODES)
    if await has_staff(uow):
        return None
    code = make_code()
    await uow.run(
        queries.KEEP_CODE,
        slot=CODE_SLOT,
        code_hash=hash_token(plain_code(code)),
        created_at=uow.now,
    )
    return code


async def add_first_owner(
    uow: UnitOfWork, code: str, *, email: str, name: str, password_hash: str
) -> Member:
    """Use the code up and add the owner. Raises SetUpRefused, EmailRefused, NameRefused."""
    # Deleting the row takes its lock, so of two people with the same code one gets nothing.
    used = await uow.run(queries.USE_CODE, code_hash=hash_token(plain_code(code)))
    if used != 1 or await has_staff(uow):
        raise SetUpRefused
    owner = NewMember(email=email, name=name, role=Role.SUPER_ADMIN)
    return await add_member(uow, owner, password_hash=password_hash)


async def has_staff(look: Look) -> bool:
    return bool(await look.value(queries.COUNT))
