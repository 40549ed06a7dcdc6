"""People of the house, signed in as a browser does it."""

from __future__ import annotations

import httpx

from kitchenasty import staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.principals import Role

PASSWORD = "seven green kettles"
OWN = {"origin": "http://house.example"}


async def add_staff(
    books: Books, email: str, *, role: Role = Role.STAFF, houses: tuple[str, ...] | None = None
) -> staff.Member:
    password_hash = await Passwords(memory_kib=64).hash(PASSWORD)
    async with books.writing() as uow:
        newcomer = staff.NewMember(email=email, name="Rosa Vidal", role=role, house_ids=houses)
        return await staff.add_member(uow, newcomer, password_hash=password_hash)


async def sign_in(client: httpx.AsyncClient, email: str) -> None:
    client.cookies.clear()
    form = {"email": email, "password": PASSWORD}
    answer = await client.post("/sign-in", data=form, headers=OWN)
    assert answer.status_code == 303, answer.text
