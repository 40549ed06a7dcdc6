"""Joining the staff by the API and by its page, with the letter in between."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from kitchenasty.correspondence import LETTERS
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.staff.tests.builders import sign_in

Client = httpx.AsyncClient
OWN = {"origin": "http://house.example"}
PASSWORD = "seven green kettles"
EMAIL = "neo@bistro.example"
SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
LINK = re.compile(r"https://juniper\.example(/\S+)")


@pytest.fixture
async def owner(books: Books) -> dict[str, str]:
    return await sign_in(books, Role.SUPER_ADMIN)


async def invite(client: Client, owner: dict[str, str], **fields: Any) -> Any:
    body = {"email": EMAIL, "role": "MANAGER", **fields}
    answer = await client.post("/api/staff/invite", json=body, headers=owner)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def link_of(books: Books) -> str:
    """The path that the newest letter leads to."""
    post = MemoryPost()
    await Postman(books, post, sender=SENDER, writers=LETTERS).run_due()
    plain = post.letters[-1].get_body(("plain",))
    assert plain is not None
    return str(LINK.findall(plain.get_content())[0])


async def test_an_invited_person_joins_by_the_api_and_is_signed_in(
    client: Client, books: Books, owner: dict[str, str]
) -> None:
    await invite(client, owner)
    token = (await link_of(books)).rpartition("/")[2]
    asked = await client.get(f"/api/staff/invite/{token}")
    assert asked.json()["data"] == {"email": EMAIL, "role": "MANAGER"}
    body = {"token": token, "name": "Neo", "password": PASSWORD}
    joined = await client.post("/api/staff/accept-invite", json=body)
    assert joined.status_code == 201, joined.text
    as_neo = {"authorization": f"Bearer {joined.json()['data']['token']}"}
    me = (await client.get("/api/auth/me", headers=as_neo)).json()["data"]
    assert (me["email"], me["role"]) == (EMAIL, "MANAGER")
    again = await client.post("/api/staff/accept-invite", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "InvitationSpent")


async def test_owners_see_renew_and_take_back_what_is_open(
    client: Client, books: Books, owner: dict[str, str]
) -> None:
    made = await invite(client, owner)
    first = await link_of(books)
    path = f"/api/staff/invitations/{made['id']}"
    await client.post(f"{path}/resend", headers=owner)
    second = await link_of(books)
    assert (await client.get(f"/api/staff{first}")).status_code == 409
    assert (await client.get(f"/api/staff{second}")).status_code == 200
    [shown] = (await client.get("/api/staff/invitations", headers=owner)).json()["data"]
    assert (shown["email"], shown["id"]) == (EMAIL, made["id"])
    assert (await client.delete(path, headers=owner)).status_code == 200
    assert (await client.get(f"/api/staff{second}")).status_code == 409
    assert (await client.delete(path, headers=owner)).status_code == 404


async def test_the_page_of_an_invitation_signs_in_who_joins(
    client: Client, books: Books, owner: dict[str, str]
) -> None:
    await invite(client, owner, name="Neo")
    link = await link_of(books)
    shown = await client.get(link)
    assert EMAIL in shown.text
    assert 'value="Neo"' in shown.text
    weak = await client.post(link, data={"name": "Neo A.", "password": "12345678"}, headers=OWN)
    assert weak.status_code == 400
    assert 'value="Neo A."' in weak.text
    joined = await client.post(link, data={"name": "Neo A.", "password": PASSWORD}, headers=OWN)
    assert joined.headers["location"] == "/admin"
    assert (await client.get("/admin")).status_code == 200
    assert (await client.get(link)).status_code == 409
