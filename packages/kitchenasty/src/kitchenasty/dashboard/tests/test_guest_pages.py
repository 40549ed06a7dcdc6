"""The office's guests: found, remarked on, blocked, and seen by those whose guests they are."""

from __future__ import annotations

import csv
import io
import re

import httpx
import pytest

from kitchenasty import audit, checkout, guests, locations
from kitchenasty.checkout.tests.builders import ANNA, draft_of
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

PATH = "/admin/guests"


async def register(books: Books, name: str, **fields: str) -> guests.Guest:
    email = f"{name.lower().replace(' ', '.')}@guest.example"
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email=email, name=name, phone=fields.get("phone"))
        return await guests.register_guest(uow, newcomer, password_hash="none")


async def place(
    books: Books, house: locations.House, guest: guests.Guest | None = None
) -> checkout.AcceptedOrder:
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow), quantity=1)
        draft = draft_of(house.id, line, customer_id=guest.id if guest else None, contact=ANNA)
        return await checkout.place_order(uow, draft)


pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
async def boss(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    return client


def names_on(page: str) -> list[str]:
    return re.findall(r'<a href="/admin/guests/[0-9a-f-]{36}"><strong>([^<]+)', page)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("grace", ["Grace Nolan"]),
        ("NOLAN", ["Grace Nolan"]),
        ("grace.n", ["Grace Nolan"]),
        ("0151 77", ["Grace Nolan"]),
        ("özil", ["Mesut Özil"]),
        ("grac%", []),
        ("", ["Mesut Özil", "Grace Nolan"]),
    ],
)
async def test_a_guest_is_found_by_how_a_name_an_address_or_a_number_begins(
    boss: httpx.AsyncClient, books: Books, search: str, found: list[str]
) -> None:
    await register(books, "Grace Nolan", phone="0151 77 88")
    await register(books, "Mesut Özil")
    assert names_on((await boss.get(PATH, params={"q": search})).text) == found


async def test_the_filters_stand_in_the_address(boss: httpx.AsyncClient, books: Books) -> None:
    grace = await register(books, "Grace Nolan")
    blocked = await register(books, "Tom Ode")
    async with books.writing() as uow:
        await guests.block(uow, blocked.id)
        await guests.keep_allergies(uow, grace.id, "Nuts")
        await guests.confirm_address(uow, grace.id)
    shown = {
        state: names_on((await boss.get(f"{PATH}?state={state}")).text)
        for state in ("active", "blocked", "unconfirmed", "allergic")
    }
    assert shown == {
        "active": ["Grace Nolan"],
        "blocked": ["Tom Ode"],
        "unconfirmed": ["Tom Ode"],
        "allergic": ["Grace Nolan"],
    }


async def test_all_pages_together_have_every_guest_once(
    boss: httpx.AsyncClient, books: Books
) -> None:
    for number in range(52):
        await register(books, f"Guest Number{number}")
    first = (await boss.get(PATH)).text
    older = re.search(r'href="(/admin/guests\?after=[^"]+)"', first)
    assert older is not None
    second = (await boss.get(older[1])).text
    seen = names_on(first) + names_on(second)
    assert (len(seen), len(set(seen))) == (52, 52)


async def test_staff_of_a_house_see_its_guests_and_what_they_ordered_there(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    elsewhere = await add_other_house(books)
    ours = await register(books, "Grace Nolan")
    theirs = await register(books, "Tom Ode")
    here = await place(books, house, ours)
    there = await place(books, elsewhere, ours)
    await place(books, elsewhere, theirs)
    assert names_on((await office.get(PATH)).text) == ["Grace Nolan"]
    page = (await office.get(f"{PATH}/{ours.id}")).text
    assert here.id in page
    assert there.id not in page
    assert "1 order" in page
    assert (await office.get(f"{PATH}/{theirs.id}")).status_code == 404


async def add_other_house(books: Books) -> locations.House:
    async with books.writing() as uow:
        return await add_house(uow, name="Harbour")


async def test_what_the_house_knows_stands_on_the_page_of_an_order(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    grace = await register(books, "Grace Nolan")
    first = await place(books, house, grace)
    again = await place(books, house)
    path = f"{PATH}/{grace.id}"
    kept = await office.post(f"{path}/allergies", data={"allergies": "Peanuts"}, headers=OWN)
    assert kept.status_code == 303
    page = (await office.get(f"/admin/orders/{first.id}")).text
    assert "Peanuts" in page
    assert "The first order that we know of" in page
    strangers = (await office.get(f"/admin/orders/{again.id}")).text
    assert "Peanuts" not in strangers
    assert "Ordered 1 time before" in strangers  # the same telephone number


async def test_notes_say_who_wrote_them_and_go_again(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    grace = await register(books, "Grace Nolan")
    await place(books, house, grace)
    path = f"{PATH}/{grace.id}"
    await office.post(f"{path}/notes", data={"body": "Sits by\nthe window."}, headers=OWN)
    page = (await office.get(path)).text
    assert "Sits by\nthe window." in page
    assert "Rosa Vidal" in page
    remove = re.search(rf'action="({path}/notes/[0-9a-f-]+/remove)"', page)
    assert remove is not None
    await office.post(remove[1], headers=OWN)
    assert "the window" not in (await office.get(path)).text
    assert (await office.post(remove[1], headers=OWN)).status_code == 404
    async with books.reading() as look:
        trail = await audit.list_entries(look, entity="Customer", entity_id=grace.id)
    assert [entry.action for entry in trail] == ["remove-note", "note", "create"]
    assert "window" not in str(trail)


@pytest.mark.parametrize("body", ["", " ", "x" * 1_050])
async def test_a_note_of_nothing_or_of_too_much_is_told(
    office: httpx.AsyncClient, books: Books, house: locations.House, body: str
) -> None:
    grace = await register(books, "Grace Nolan")
    await place(books, house, grace)
    refused = await office.post(f"{PATH}/{grace.id}/notes", data={"body": body}, headers=OWN)
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text


async def test_a_blocked_guest_is_out_at_once(boss: httpx.AsyncClient, books: Books) -> None:
    grace = await register(books, "Grace Nolan")
    async with books.writing() as uow:
        token = await open_session(
            uow, kind=SessionKind.API, subject_kind=Kind.CUSTOMER, subject_id=grace.id
        )
    bearer = {"authorization": f"Bearer {token}"}
    assert (await boss.get("/api/auth/me", headers=bearer)).status_code == 200
    await boss.post(f"{PATH}/{grace.id}/block", headers=OWN)
    assert (await boss.get("/api/auth/me", headers=bearer)).status_code == 401
    await boss.post(f"{PATH}/{grace.id}/unblock", headers=OWN)
    assert "Blocked" not in (await boss.get(f"{PATH}/{grace.id}")).text.split("<main")[1]


async def test_who_runs_some_houses_cannot_close_an_account(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    grace = await register(books, "Grace Nolan")
    await place(books, house, grace)
    assert "Block the account" not in (await client.get(f"{PATH}/{grace.id}")).text
    assert (await client.post(f"{PATH}/{grace.id}/block", headers=OWN)).status_code == 403


async def test_the_table_has_the_guests_of_the_page_and_the_trail_says_who_took_it(
    boss: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    grace = await register(books, "Grace Nolan")
    await register(books, "=cmd")
    await place(books, house, grace)
    answer = await boss.get(f"{PATH}.csv?q=grace")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert (row["Name"], row["Orders"], row["Blocked"]) == ("Grace Nolan", "1", "no")
    assert "'=cmd" in (await boss.get(f"{PATH}.csv")).text
    async with books.reading() as look:
        trail = await audit.list_entries(look, entity="Customer", entity_id="guests.csv")
    assert [entry.after for entry in trail] == [{}, {"search": "yes"}]


async def test_the_api_tells_the_same(
    boss: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    grace = await register(books, "Grace Nolan")
    await place(books, house, grace)
    boss_id = (await add_staff(books, "api@bistro.example", role=Role.MANAGER)).id
    async with books.writing() as uow:
        token = await open_session(
            uow, kind=SessionKind.API, subject_kind=Kind.STAFF, subject_id=boss_id
        )
    bearer = {"authorization": f"Bearer {token}"}
    listed = (await boss.get("/api/customers?q=nolan", headers=bearer)).json()["data"]
    assert [one["orderCount"] for one in listed["customers"]] == [1]
    assert listed["next"] is None
    path = f"/api/customers/{grace.id}"
    note = await boss.post(f"{path}/notes", json={"body": "Tall."}, headers=bearer)
    assert note.status_code == 201
    changed = await boss.patch(path, json={"allergies": "Nuts", "isActive": False}, headers=bearer)
    told = changed.json()["data"]
    assert (told["customer"]["allergies"], told["customer"]["isActive"]) == ("Nuts", False)
    assert [one["body"] for one in told["notes"]] == ["Tall."]
    assert told["spent"] == [{"currency": "EUR", "orders": 1, "total": 12.5}]
    gone = await boss.delete(f"{path}/notes/{told['notes'][0]['id']}", headers=bearer)
    assert gone.status_code == 200
    unread = await boss.get("/api/customers?after=nonsense", headers=bearer)
    assert unread.status_code == 400
