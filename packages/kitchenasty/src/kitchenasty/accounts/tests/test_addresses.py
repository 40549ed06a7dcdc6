"""The address book: one's own only, bounded, always with one first choice."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import guests
from kitchenasty.kit.books import Books

OWN = {"origin": "http://house.example"}
PASSWORD = "seven green kettles"
HOME = {"label": "Home", "line1": "Long Lane 1", "line2": "2nd floor", "postal_code": "10117",
        "city": "Berlin"}  # fmt: skip
WIRE = {"line1": "Long Lane 1", "postalCode": "10117", "city": "Berlin"}
DRAFT = guests.AddressDraft(line1="Long Lane 1", city="Berlin", postal_code="10117")


async def bearer(client: httpx.AsyncClient, email: str) -> dict[str, str]:
    details = {"email": email, "name": "Ada", "password": PASSWORD}
    answer = await client.post("/api/auth/customer/register", json=details)
    return {"authorization": f"Bearer {answer.json()['data']['token']}"}


async def customer(books: Books, email: str = "ada@guest.example") -> str:
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email=email, name="Ada")
        return (await guests.register_guest(uow, newcomer, password_hash="none")).id


async def test_the_book_by_its_page(client: httpx.AsyncClient) -> None:
    ada = {"name": "Ada", "email": "ada@guest.example", "password": PASSWORD}
    await client.post("/register", data=ada, headers=OWN)
    added = await client.post("/account/addresses", data=HOME, headers=OWN)
    assert added.headers["location"] == "/account/addresses"
    work = HOME | {"label": "Work", "line1": "Short Lane 2"}
    await client.post("/account/addresses", data=work, headers=OWN)
    page = await client.get("/account/addresses")
    assert page.text.index("Long Lane 1") < page.text.index("Short Lane 2")
    path = page.text.split('/default"')[0].rpartition("/")[2]
    await client.post(f"/account/addresses/{path}/default", data={}, headers=OWN)
    page = await client.get("/account/addresses")
    assert page.text.index("Short Lane 2") < page.text.index("Long Lane 1")
    assert page.text.count("First choice") == 1
    changed = HOME | {"line1": "Broad Lane 3"}
    moved = await client.post(f"/account/addresses/{path}", data=changed, headers=OWN)
    assert moved.status_code == 303
    assert "Broad Lane 3" in (await client.get("/account/addresses")).text


async def test_what_every_address_has_is_asked_for(client: httpx.AsyncClient) -> None:
    ada = {"name": "Ada", "email": "ada@guest.example", "password": PASSWORD}
    await client.post("/register", data=ada, headers=OWN)
    refused = await client.post("/account/addresses", data={"line1": "Long Lane 1"}, headers=OWN)
    assert refused.status_code == 400
    assert 'value="Long Lane 1"' in refused.text


async def test_the_book_by_the_api(client: httpx.AsyncClient) -> None:
    ada = await bearer(client, "ada@guest.example")
    first = await client.post("/api/addresses", json=WIRE, headers=ada)
    assert first.status_code == 201
    second = (await client.post("/api/addresses", json=WIRE, headers=ada)).json()["data"]
    assert (first.json()["data"]["isDefault"], second["isDefault"]) == (True, False)
    path = f"/api/addresses/{second['id']}"
    change = {"line2": "Back yard", "isDefault": True}
    changed = (await client.patch(path, json=change, headers=ada)).json()["data"]
    assert (changed["line1"], changed["line2"]) == ("Long Lane 1", "Back yard")
    assert (await client.delete(path, headers=ada)).status_code == 200
    (left,) = (await client.get("/api/addresses", headers=ada)).json()["data"]
    assert left["isDefault"] is True


async def test_anothers_address_is_not_there(client: httpx.AsyncClient) -> None:
    ada, eve = [await bearer(client, f"{name}@guest.example") for name in ("ada", "eve")]
    kept = (await client.post("/api/addresses", json=WIRE, headers=ada)).json()["data"]
    path = f"/api/addresses/{kept['id']}"
    answers = [
        await client.patch(path, json={"line1": "Taken over"}, headers=eve),
        await client.delete(path, headers=eve),
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert (await client.get("/api/addresses", headers=eve)).json()["data"] == []
    (left,) = (await client.get("/api/addresses", headers=ada)).json()["data"]
    assert left["line1"] == "Long Lane 1"


async def test_the_book_ends(books: Books) -> None:
    ada = await customer(books)
    async with books.writing() as uow:
        for _ in range(20):
            await guests.add_address(uow, ada, DRAFT)
        with pytest.raises(guests.AddressBookFull):
            await guests.add_address(uow, ada, DRAFT)
        assert len(await guests.list_addresses(uow, ada)) == 20


async def test_what_is_known_is_kept_once(books: Books) -> None:
    ada = await customer(books)
    async with books.writing() as uow:
        for _ in range(2):
            await guests.keep_address(uow, ada, DRAFT)
        assert len(await guests.list_addresses(uow, ada)) == 1


async def test_there_is_always_one_first_choice(books: Books) -> None:
    ada, eve = await customer(books), await customer(books, "eve@guest.example")
    async with books.writing() as uow:
        ids = [(await guests.add_address(uow, ada, DRAFT)).id for _ in range(3)]
        others = await guests.add_address(uow, eve, DRAFT)
        await guests.choose_default(uow, ada, ids[2])
        with pytest.raises(guests.AddressNotFound):
            await guests.choose_default(uow, ada, others.id)
        await guests.remove_address(uow, ada, ids[2])
        found = await guests.list_addresses(uow, ada)
        assert [one.is_default for one in found] == [True, False]
        assert (await guests.load_address(uow, eve, others.id)).is_default
