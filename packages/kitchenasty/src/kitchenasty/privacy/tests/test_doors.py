"""The doors to one's own data, and the house's to a guest's."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import guests
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.privacy.tests.builders import open_account
from kitchenasty.staff import NewMember, add_member

OWN = {"origin": "http://house.example"}
pytestmark = pytest.mark.usefixtures("house")


async def cookie_of(books: Books, kind: Kind, subject_id: str) -> dict[str, str]:
    async with books.writing() as uow:
        token = await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=kind, subject_id=subject_id
        )
    return {"cookie": f"session={token}", **OWN}


async def test_a_guest_sees_takes_along_and_ends_what_is_kept(
    client: httpx.AsyncClient, books: Books
) -> None:
    guest, _ = await open_account(books, "qzanna7")
    mine = await cookie_of(books, Kind.CUSTOMER, guest.id)
    page = (await client.get("/account/data", headers=mine)).text
    assert "qzanna7@guest.example" in page
    file = await client.get("/account/data.json", headers=mine)
    assert file.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    assert file.json()["sections"]["account"][0]["email"] == "qzanna7@guest.example"
    wrong = await client.post("/account/erase", data={"email": "x@y.example"}, headers=mine)
    assert wrong.status_code == 400
    assert 'role="alert"' in wrong.text
    gone = await client.post("/account/erase", data={"email": guest.email}, headers=mine)
    assert "You are forgotten" in gone.text
    assert (await client.get("/account/data", headers=mine)).status_code == 303


async def test_the_api_gives_and_forgets_the_same(client: httpx.AsyncClient, books: Books) -> None:
    guest, token = await open_account(books, "qzanna7")
    bearer = {"authorization": f"Bearer {token}"}
    told = (await client.get("/api/auth/customer/data", headers=bearer)).json()["data"]
    assert told["sections"]["signIns"][0]["userAgent"] == "qzanna7 phone"
    path = "/api/auth/customer/erase"
    wrong = await client.post(path, json={"email": "x@y.example"}, headers=bearer)
    assert wrong.json()["code"] == "NotConfirmed"
    gone = await client.post(path, json={"email": guest.email}, headers=bearer)
    assert gone.status_code == 200
    async with books.reading() as look:
        with pytest.raises(guests.GuestNotFound):
            await guests.load_guest(look, guest.id)


async def test_who_runs_all_houses_hands_over_and_forgets(
    client: httpx.AsyncClient, books: Books
) -> None:
    guest, _ = await open_account(books, "qzanna7")
    async with books.writing() as uow:
        newcomer = NewMember(email="boss@bistro.example", name="Rosa", role=Role.MANAGER)
        boss = await add_member(uow, newcomer, password_hash="none")
    hers = await cookie_of(books, Kind.STAFF, boss.id)
    path = f"/admin/guests/{guest.id}"
    assert "qzanna7" in (await client.get(f"{path}/data.json", headers=hers)).text
    wrong = await client.post(f"{path}/erase", data={"email": "x@y.example"}, headers=hers)
    assert wrong.status_code == 400
    gone = await client.post(f"{path}/erase", data={"email": guest.email}, headers=hers)
    assert gone.headers["location"] == "/admin/guests?told=forgotten"
    assert (await client.get(path, headers=hers)).status_code == 404
