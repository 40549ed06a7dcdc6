"""The board's doors: whose it is, moving with and without script, once for each key."""

import json
import re
from typing import Any

import httpx
import pytest

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.testing import HandClock
from kitchenasty import locations, orders
from kitchenasty.kit.books import Books
from kitchenasty.kit.live import DatabaseJournal
from kitchenasty.kitchen.queries import list_cancelled
from kitchenasty.kitchen.service import forget_cancelled
from kitchenasty.kitchen.subscriptions import BUSY, SCREENS
from kitchenasty.kitchen.tests.builders import Kitchen, add_kitchen, line_of, option_of, place

OURS = {"origin": "http://house.example", "accept": "application/json"}


@pytest.fixture
async def kitchen(books: Books) -> Kitchen:
    async with books.writing() as uow:
        return await add_kitchen(uow)


@pytest.fixture
async def cook(client: httpx.AsyncClient, kitchen: Kitchen) -> httpx.AsyncClient:
    client.cookies.set("session", kitchen.token)
    return client


async def placed(books: Books, kitchen: Kitchen) -> str:
    async with books.writing() as uow:
        return (await place(uow, kitchen)).id


async def move(
    cook: httpx.AsyncClient, kitchen: Kitchen, order_id: str, *, key: str = "k1", **body: Any
) -> httpx.Response:
    path = f"/kitchen/{kitchen.house_id}/tickets/{order_id}/move.json"
    content = json.dumps({"to": "CONFIRMED", "version": 1, **body})
    return await cook.post(path, content=content, headers={**OURS, "idempotency-key": key})


async def test_a_board_shows_everything_a_cook_needs(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    line = line_of(
        kitchen,
        name="Pad thai",
        note="no sprouts",
        options=(option_of("Large"),),
        allergens=("nuts:walnut", "fish"),
    )
    async with books.writing() as uow:
        order = await place(uow, kitchen, lines=(line,), note="Ring twice")
    board = await cook.get(f"/kitchen/{kitchen.house_id}")
    assert board.status_code == 200
    for seen in (order.number, "Anna Berg", "Pad thai", "Large", "no sprouts", "Ring twice"):
        assert seen in board.text
    assert re.search(r"Allergens: Walnuts \(nuts\), Fish", board.text)
    assert "20 min left" in board.text


async def test_the_snapshot_knows_its_place_in_the_story(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    order_id = await placed(books, kitchen)
    await Dispatcher(books, [SCREENS]).run_once()
    snapshot = (await cook.get(f"/kitchen/{kitchen.house_id}/board.json", headers=OURS)).json()
    assert snapshot["seq"] == 1
    assert [ticket["id"] for ticket in snapshot["tickets"]] == [order_id]
    told = await DatabaseJournal(books).since(f"kitchen:{kitchen.house_id}", 0)
    assert told[0].body["ticket"] == snapshot["tickets"][0]


async def test_a_move_is_told_to_the_kitchen_and_to_the_order(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    order_id = await placed(books, kitchen)
    assert (await move(cook, kitchen, order_id)).json()["version"] == 2
    await Dispatcher(books, [SCREENS]).run_once()
    journal = DatabaseJournal(books)
    told = await journal.since(f"order:{order_id}", 0)
    assert [message.body["order"]["status"] for message in told] == ["CONFIRMED"]
    names = [message.name for message in await journal.since(f"kitchen:{kitchen.house_id}", 0)]
    assert names == ["order.placed", "order.moved"]


async def test_the_same_key_moves_once(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    order_id = await placed(books, kitchen)
    answers = [await move(cook, kitchen, order_id) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert (await move(cook, kitchen, order_id, to="CANCELLED")).status_code == 422


async def test_another_version_is_a_conflict(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    order_id = await placed(books, kitchen)
    assert (await move(cook, kitchen, order_id)).status_code == 200
    answer = await move(cook, kitchen, order_id, key="k2", to="PREPARING")
    assert (answer.status_code, answer.json()["code"]) == (409, "OrderChanged")


@pytest.mark.parametrize("body", [{"to": "EATEN"}, {"version": 0}, {"version": "1"}, {"extra": 1}])
async def test_nonsense_is_refused(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    answer = await move(cook, kitchen, await placed(books, kitchen), **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "MoveRefused")


async def test_a_form_moves_it_too(books: Books, kitchen: Kitchen, cook: httpx.AsyncClient) -> None:
    order_id = await placed(books, kitchen)
    path = f"/kitchen/{kitchen.house_id}/tickets/{order_id}/move"
    form = {"to": "CONFIRMED", "version": "1"}
    origin = {"origin": OURS["origin"]}
    answer = await cook.post(path, data=form, headers=origin)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/kitchen/{kitchen.house_id}")
    assert (await cook.post(path, data=form, headers=origin)).status_code == 409


async def test_a_kitchen_is_only_for_its_own_people(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    async with books.writing() as uow:
        other = await add_kitchen(uow, "Elsewhere")
    order_id = await placed(books, other)
    assert (await cook.get(f"/kitchen/{other.house_id}")).status_code == 404
    assert (await cook.get(f"/kitchen/{other.house_id}/board.json")).status_code == 404
    assert (await move(cook, other, order_id)).status_code == 404
    # Through the door of their own house it is no more theirs.
    assert (await move(cook, kitchen, order_id)).status_code == 404


async def test_strangers_are_sent_to_the_door(client: httpx.AsyncClient, kitchen: Kitchen) -> None:
    page = await client.get(f"/kitchen/{kitchen.house_id}")
    assert (page.status_code, page.headers["location"].split("?")[0]) == (303, "/sign-in")
    snapshot = await client.get(f"/kitchen/{kitchen.house_id}/board.json", headers=OURS)
    assert snapshot.status_code == 401


async def test_whoever_works_in_one_house_goes_straight_there(
    cook: httpx.AsyncClient, kitchen: Kitchen
) -> None:
    answer = await cook.get("/kitchen")
    assert answer.headers["location"] == f"/kitchen/{kitchen.house_id}"


async def cancel(books: Books, order_id: str) -> None:
    async with books.writing() as uow:
        await orders.move_order(uow, order_id, orders.OrderStatus.CANCELLED)


async def snapshot(cook: httpx.AsyncClient, kitchen: Kitchen) -> dict[str, Any]:
    found: dict[str, Any] = (
        await cook.get(f"/kitchen/{kitchen.house_id}/board.json", headers=OURS)
    ).json()
    return found


async def test_a_cancelled_ticket_is_on_the_board_until_it_was_seen(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    order_id = await placed(books, kitchen)
    await cancel(books, order_id)
    await Dispatcher(books, [SCREENS]).run_once()
    (ticket,) = (await snapshot(cook, kitchen))["tickets"]
    assert (ticket["status"], ticket["column"]) == ("CANCELLED", "PENDING")
    path = f"/kitchen/{kitchen.house_id}/tickets/{order_id}/seen.json"
    for _ in range(2):
        assert (await cook.post(path, headers=OURS)).status_code == 200
    shown = await snapshot(cook, kitchen)
    assert shown["tickets"] == []
    told = await DatabaseJournal(books).since(f"kitchen:{kitchen.house_id}", 0)
    assert [message.name for message in told] == ["order.placed", "order.moved", "ticket.seen"]
    assert shown["seq"] == 3


async def test_what_was_cancelled_a_night_ago_is_forgotten(
    books: Books, kitchen: Kitchen, clock: HandClock
) -> None:
    await cancel(books, await placed(books, kitchen))
    await Dispatcher(books, [SCREENS]).run_once()
    for hours, left in ((11, 1), (2, 0)):
        clock.advance(hours=hours)
        async with books.writing() as uow:
            await forget_cancelled(uow, {})
        async with books.reading() as look:
            assert len(await list_cancelled(look, kitchen.house_id)) == left


async def test_a_dish_that_ran_out_is_off_the_menu_and_told(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    path = f"/kitchen/{kitchen.house_id}/dishes/{kitchen.dish_id}/availability.json"
    answer = await cook.post(path, content=b'{"isOff": true}', headers=OURS)
    dish = {"id": kitchen.dish_id, "name": "Soup", "isOff": True}
    assert answer.json() == dish
    shown = await snapshot(cook, kitchen)
    assert shown["off"] == [dish]
    (told,) = await DatabaseJournal(books).since(f"kitchen:{kitchen.house_id}", 0)
    assert (told.name, told.body) == ("dish.changed", {"dish": dish})
    other = f"/kitchen/{kitchen.house_id}/dishes/{kitchen.cook_id}/availability.json"
    assert (await cook.post(other, content=b'{"isOff": true}', headers=OURS)).status_code == 404


async def test_the_board_has_every_open_order_the_oldest_first(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    ids = [await placed(books, kitchen) for _ in range(60)]
    board = (await cook.get(f"/kitchen/{kitchen.house_id}/board.json", headers=OURS)).json()
    assert [ticket["id"] for ticket in board["tickets"]] == ids


async def test_a_cook_says_how_busy_the_kitchen_is_and_every_screen_is_told(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    path = f"/kitchen/{kitchen.house_id}/busy.json"
    said = {"mode": "SLOWER", "extraMinutes": 20, "lastsMinutes": 60}
    answer = await cook.post(path, json=said, headers=OURS)
    assert answer.status_code == 200, answer.text
    now = answer.json()
    assert (now["mode"], now["extraMinutes"]) == ("SLOWER", 20)
    async with books.reading() as look:
        house = await locations.load_house(look, kitchen.house_id)
    assert house.busy_until is not None
    assert (house.busy_mode, house.busy_extra_minutes) == (locations.BusyMode.SLOWER, 20)
    assert (await snapshot(cook, kitchen))["busy"] == now
    await Dispatcher(books, [BUSY]).run_once()
    (told,) = await DatabaseJournal(books).since(f"kitchen:{kitchen.house_id}", 0)
    assert (told.name, told.body) == ("house.busy", {"busy": now})
    assert (await cook.post(path, json={"mode": "NONE"}, headers=OURS)).status_code == 200
    assert (await snapshot(cook, kitchen))["busy"]["mode"] == "NONE"


async def test_what_the_office_says_of_the_kitchen_is_told_too(
    books: Books, kitchen: Kitchen, cook: httpx.AsyncClient
) -> None:
    async with books.writing() as uow:
        await locations.change_house(uow, kitchen.house_id, {"phone": "030 1"})
        await locations.set_busy(uow, kitchen.house_id, locations.BusyMode.PAUSED)
    await Dispatcher(books, [BUSY]).run_once()
    (told,) = await DatabaseJournal(books).since(f"kitchen:{kitchen.house_id}", 0)
    assert told.body["busy"]["mode"] == "PAUSED"
    elsewhere = "/kitchen/nowhere/busy.json"
    refused = await cook.post(elsewhere, json={"mode": "PAUSED"}, headers=OURS)
    assert refused.status_code == 404
    too_long = {"mode": "SLOWER", "extraMinutes": 900}
    path = f"/kitchen/{kitchen.house_id}/busy.json"
    assert (await cook.post(path, json=too_long, headers=OURS)).status_code == 400
