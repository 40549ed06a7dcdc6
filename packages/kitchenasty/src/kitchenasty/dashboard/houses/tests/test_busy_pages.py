"""The switch of a busy kitchen: who may tap it, what it does at once, and how it is undone."""

from __future__ import annotations

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.locations import BusyMode


@pytest.fixture
async def cook(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "c@bistro.example", houses=(house.id,))
    await sign_in(client, "c@bistro.example")
    return client


async def mode_of(books: Books, house: locations.House) -> tuple[BusyMode, int]:
    async with books.reading() as look:
        found = await locations.load_house(look, house.id)
        return found.busy_mode, found.busy_extra_minutes


async def test_a_cook_pauses_the_house_and_one_more_tap_takes_it_back(
    cook: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    path = f"/admin/houses/{house.id}/busy"
    await cook.post(path, data={"mode": "SLOWER", "extra": "20", "lasts": "60"}, headers=OWN)
    assert await mode_of(books, house) == (BusyMode.SLOWER, 20)
    paused = await cook.post(path, data={"mode": "PAUSED"}, headers=OWN)
    assert paused.status_code == 303, paused.text
    assert "No orders right now" in (await cook.get(f"/at/{house.slug}")).text
    shown = (await cook.get(paused.headers["location"])).text
    assert "Undo" in shown
    assert 'name="lasts" value="60"' in shown, "what was left of the hour"
    undone = {"mode": "SLOWER", "extra": "20", "lasts": "60", "isUndo": "yes"}
    back = await cook.post(path, data=undone, headers=OWN)
    assert back.headers["location"] == path, "nothing to undo any more"
    assert await mode_of(books, house) == (BusyMode.SLOWER, 20)
    assert "Open, and busy" in (await cook.get(f"/at/{house.slug}")).text


async def test_a_busy_time_ends_by_itself(
    cook: httpx.AsyncClient, books: Books, house: locations.House, clock: HandClock
) -> None:
    path = f"/admin/houses/{house.id}/busy"
    await cook.post(path, data={"mode": "PAUSED", "lasts": "30"}, headers=OWN)
    clock.advance(minutes=29)
    assert await mode_of(books, house) == (BusyMode.PAUSED, 15)
    clock.advance(minutes=1)
    assert await mode_of(books, house) == (BusyMode.NONE, 15)
    assert "No orders right now" not in (await cook.get(f"/at/{house.slug}")).text


async def test_who_pauses_again_without_an_end_is_not_bound_to_the_old_one(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    async with books.writing() as uow:
        await locations.set_busy(uow, house.id, BusyMode.PAUSED, lasts_minutes=5)
    clock.advance(minutes=10)
    async with books.writing() as uow:
        await locations.change_house(uow, house.id, {"busy_mode": BusyMode.PAUSED})
    assert (await mode_of(books, house))[0] is BusyMode.PAUSED


async def test_guests_read_what_the_house_says(
    cook: httpx.AsyncClient, house: locations.House
) -> None:
    path = f"/admin/houses/{house.id}/busy"
    said = {"mode": "PAUSED", "message": "A wedding is on."}
    await cook.post(path, data=said, headers=OWN)
    assert "A wedding is on." in (await cook.get(f"/at/{house.slug}")).text


@pytest.mark.parametrize("was", ["", "x", "a.b.c.d", "h.PAUSED.1.x", "h.PAUSED.99999.1", "h.N.1.1"])
async def test_an_address_that_says_nonsense_of_before_offers_no_undo(
    cook: httpx.AsyncClient, house: locations.House, was: str
) -> None:
    shown = await cook.get(f"/admin/houses/{house.id}/busy", params={"was": was})
    assert shown.status_code == 200
    assert "Undo" not in shown.text


async def test_a_form_leads_back_into_this_site_only(
    cook: httpx.AsyncClient, house: locations.House
) -> None:
    path = f"/admin/houses/{house.id}/busy"
    for wanted, reached in (("/admin", "/admin?"), ("https://evil.example/", f"{path}?")):
        answer = await cook.post(path, data={"mode": "NONE", "next": wanted}, headers=OWN)
        assert answer.headers["location"].startswith(reached)


async def test_the_api_sets_it_for_the_own_house_only(
    cook: httpx.AsyncClient, house: locations.House, elsewhere: locations.House
) -> None:
    signed_in = await cook.post(
        "/api/auth/staff/login",
        json={"email": "c@bistro.example", "password": "seven green kettles"},
    )
    headers = {"authorization": f"Bearer {signed_in.json()['data']['token']}"}
    sent = {"mode": "SLOWER", "extraMinutes": 25, "minutes": 45}
    answer = await cook.put(f"/api/locations/{house.id}/busy", json=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    told = answer.json()["data"]
    assert (told["busyMode"], told["busyExtraMinutes"], told["isBusy"]) == ("SLOWER", 25, False)
    assert told["busyUntil"] == "2030-05-17T16:45:00.000Z"
    foreign = await cook.put(f"/api/locations/{elsewhere.id}/busy", json=sent, headers=headers)
    assert foreign.status_code in (403, 404)
    wrong = await cook.put(f"/api/locations/{house.id}/busy", json={"mode": "ON"}, headers=headers)
    assert wrong.status_code == 400
