"""A5: an answer tells nothing about who has an account, and no door takes a common password."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar import Litestar

from basis.kit.limits import Limits
from kitchenasty import guests, staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.passwords import NEW_PASSWORD_LENGTH_MIN, Passwords, common_passwords
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role

OWN = {"origin": "http://house.example"}
PASSWORD = "seven green kettles"
COMMON = sorted(one for one in common_passwords() if len(one) >= NEW_PASSWORD_LENGTH_MIN)[::100]


@pytest.fixture
async def people(app: Litestar, books: Books) -> str:
    """A cook, a cook who left and a guest; the token of an owner. Nobody is counted here."""
    app.state.limits = Limits(enabled=False)
    password_hash = await Passwords(memory_kib=64).hash(PASSWORD)
    async with books.writing() as uow:
        for name, role in (("cook", Role.STAFF), ("left", Role.STAFF), ("owner", Role.SUPER_ADMIN)):
            newcomer = staff.NewMember(email=f"{name}@house.example", name="Rosa", role=role)
            member = await staff.add_member(uow, newcomer, password_hash=password_hash)
            if name == "left":
                await staff.change_member(uow, member.id, {"is_active": False})
        guest = guests.NewGuest(email="guest@home.example", name="Tom")
        await guests.register_guest(uow, guest, password_hash=password_hash)
        return await open_session(
            uow, kind=SessionKind.API, subject_kind=Kind.STAFF, subject_id=member.id
        )


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("path", ["/api/auth/staff/login", "/api/auth/customer/login", "/sign-in"])
async def test_known_unknown_and_gone_get_the_same_answer(
    client: httpx.AsyncClient, path: str
) -> None:
    """Status, body and headers, with a wrong password and with the right one of who left."""
    answers = set()
    tried = [(f"{name}@house.example", "wrong wrong") for name in ("cook", "left", "nobody")]
    tried += [("guest@home.example", "wrong wrong"), ("left@house.example", PASSWORD)]
    for email, password in tried:
        body = {"email": email, "password": password}
        sent: dict[str, Any] = {"json": body} if path.startswith("/api/") else {"data": body}
        answer = await client.post(path, headers=OWN, **sent)
        kept = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        kept.pop("content-length", None)
        told = answer.text.replace(email, "EMAIL")
        answers.add((answer.status_code, told, str(sorted(kept.items()))))
    print(f"A5: {path}: {len(tried)} sign-ins of known and unknown, {len(answers)} answer")
    assert len(answers) == 1
    assert answers.pop()[0] == 401


async def test_no_door_takes_a_common_password(
    client: httpx.AsyncClient, books: Books, people: str
) -> None:
    """Guests who register, staff who are added, and the first owner."""
    doors: list[tuple[str, dict[str, Any]]] = [
        ("/api/auth/customer/register", {}),
        ("/api/auth/staff/register", {"headers": {"authorization": f"Bearer {people}"}}),
    ]
    accepted, tried = 0, 0
    for password in COMMON:
        person = {"email": f"{tried}@new.example", "name": "Neo", "password": password}
        for path, more in doors:
            answer = await client.post(path, json=person, **more)
            accepted += (answer.status_code, answer.json().get("code")) != (400, "PasswordRefused")
            tried += 1
        set_up = await client.post("/setup", data=person | {"code": "X"}, headers=OWN)
        accepted += set_up.status_code != 400
        tried += 1
    async with books.reading() as look:
        found = await staff.find_account(look, "0@new.example", address="x")
    print(f"A5: {tried} common passwords at three doors, {accepted} accepted")
    assert tried > 300
    assert (accepted, found) == (0, None)
