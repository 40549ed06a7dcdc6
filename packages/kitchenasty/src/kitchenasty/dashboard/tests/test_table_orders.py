"""Waiters at a table: orders taken, carried to the right place, served and paid."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from kitchenasty import floor, locations, orders, payments, reservations
from kitchenasty.availability.tests.builders import WAITER, open_restaurant
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_dish
from kitchenasty.orders import OrderStatus, OrderType
from kitchenasty.reservations import Reservation, Status

COOKED = (OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY)


@dataclass(frozen=True)
class Room:
    """A party of two that has just sat down, and what can be ordered."""

    books: Books
    waiter: httpx.AsyncClient
    house: locations.House
    tables: list[locations.Table]
    party: Reservation
    soup: str
    pizza: str

    def path(self, act: str, party: Reservation | None = None) -> str:
        return f"/admin/tables/{self.house.id}/parties/{(party or self.party).id}/{act}"

    async def post(self, act: str, **form: Any) -> httpx.Response:
        return await self.waiter.post(self.path(act), data=form, headers=OWN)

    async def load(self) -> Reservation:
        async with self.books.reading(WAITER) as look:
            return await reservations.load_reservation(look, self.party.id)

    async def rounds(self) -> list[orders.Round]:
        async with self.books.reading(WAITER) as look:
            return (await orders.list_rounds(look, [self.party.id])).get(self.party.id, [])

    async def send(self, *lines: str, key: str = "one") -> httpx.Response:
        return await self.post("order", key=key, lines=lines, do="send")

    async def cook(self, order_id: str) -> None:
        for status in COOKED:
            async with self.books.writing() as uow:
                await orders.move_order(uow, order_id, status)

    async def standing(self) -> str:
        """What the plan says of the table, by the word of its class."""
        plan = (await self.waiter.get(f"/admin/tables/{self.house.id}/plan")).text
        found = re.search(
            rf'data-table="{self.party.table_ids[0]}"[^>]*standing is-([a-z-]+)', plan
        )
        assert found, plan
        return found[1]


@pytest.fixture
async def room(client: httpx.AsyncClient, books: Books) -> Room:
    house = await open_restaurant(books)
    async with books.writing(WAITER) as uow:
        soup = await add_dish(uow, name="Lentil soup", price_minor=700, house_id=house.id)
        pizza = await add_dish(
            uow, name="Pizza", price_minor=1_200, options=(SIZE, TOPPINGS), house_id=house.id
        )
        tables = await locations.list_tables(uow, house.id)
        party = await floor.walk_in(uow, house.id, 2, table_ids=[tables[3].id], name="Lena")
    await add_staff(books, "waiter@bistro.example", houses=(house.id,))
    await sign_in(client, "waiter@bistro.example")
    return Room(books, client, house, tables, party, soup, pizza)


def line(dish_id: str, quantity: int = 1) -> str:
    return json.dumps([dish_id, quantity, [], None])


def hidden(page: str, name: str) -> list[str]:
    return [html.unescape(text) for text in re.findall(rf'name="{name}" value="([^"]*)"', page)]


async def test_a_dish_is_one_tap_and_one_with_options_is_asked_about(room: Room) -> None:
    shown = (await room.waiter.get(room.path("order"))).text
    assert "Lentil soup" in shown
    first = (await room.post("order", key="k", do=f"add:{room.soup}")).text
    second = (await room.post("order", lines=hidden(first, "lines"), do=f"add:{room.soup}")).text
    assert hidden(second, "shown") == ["1400"]
    asked = await room.post("order", lines=hidden(second, "lines"), do=f"add:{room.pizza}")
    assert "Toppings" in asked.text
    sizes = re.findall(r'name="(group-[^"]+)" value="([^"]+)"', asked.text)
    missing = await room.post("order", lines=hidden(second, "lines"), do=f"put:{room.pizza}")
    assert missing.status_code == 400, "a size is needed"
    assert hidden(missing.text, "lines") == hidden(second, "lines"), "nothing is lost"
    chosen = {sizes[1][0]: sizes[1][1], sizes[3][0]: sizes[3][1]}
    third = await room.post(
        "order",
        lines=hidden(second, "lines"),
        do=f"put:{room.pizza}",
        quantity="2",
        **chosen,
        **{"line-note": "well done"},
    )
    assert "well done" in third.text
    assert hidden(third.text, "shown") == [str(1_400 + 2 * (1_200 + 250 + 150))]
    less = await room.post("order", lines=hidden(third.text, "lines"), do="less:0")
    assert "1 × Lentil soup" in less.text


async def test_an_order_at_the_table_is_cooked_served_and_paid_apart(room: Room) -> None:
    assert await room.standing() == "seated"
    sent = await room.send(line(room.soup, 2))
    assert sent.status_code == 303, sent.text
    [first] = await room.rounds()
    async with room.books.reading(WAITER) as look:
        order = await orders.load_order(look, first.id)
        [ticket] = await orders.list_open_tickets(look, room.house.id)
    assert (order.order_type, order.table_id, order.table_name) == (
        OrderType.DINE_IN,
        room.tables[3].id,
        "4",
    )
    assert (ticket.table, ticket.guest_name, order.total_minor) == ("4", "Lena", 1_400)
    assert await room.standing() == "ordered"
    await room.cook(first.id)
    assert await room.standing() == "ready"
    served = await room.post("served", order=first.id, version="4")
    assert served.status_code == 303, served.text
    assert await room.standing() == "to-pay"
    [first] = await room.rounds()
    assert (first.status, first.due_minor) == (OrderStatus.DELIVERED, 1_400), "served, not paid"
    for path in (f"/admin/orders/{first.id}", "/admin/orders", "/admin/orders.csv"):
        said = (await room.waiter.get(path)).text.replace("Delivered or served", "")
        assert "Served" in said, path
        assert "Delivered" not in said, "nothing is delivered to a table"
    assert (await room.post("paid", method="CASH")).status_code == 303
    assert await room.standing() == "paid"
    again = await room.post("paid", method="CARD")
    assert again.status_code == 409
    assert "Nothing is due" in again.text
    async with room.books.reading(WAITER) as look:
        [paid] = await payments.list_payments(look, first.id)
    assert (paid.method, paid.amount_minor) == (payments.PaymentMethod.CASH, 1_400)


async def test_a_second_tap_sends_nothing_twice_and_a_second_round_is_another_order(
    room: Room,
) -> None:
    one = await room.send(line(room.soup))
    same = await room.send(line(room.soup))
    assert one.headers["location"] == same.headers["location"]
    assert len(await room.rounds()) == 1
    await room.send(line(room.soup), key="two")
    assert [found.number for found in await room.rounds()] == ["001", "002"]


async def test_who_leaves_with_an_open_bill_is_asked_about(room: Room) -> None:
    await room.send(line(room.soup))
    version = str((await room.load()).version)
    asked = await room.post("step", step="leave", version=version)
    assert asked.status_code == 409
    assert "They have not paid €7.00 yet: order 001." in asked.text
    assert "They left without paying" in asked.text
    assert (await room.load()).status is Status.SEATED
    gone = await room.post("step", step="leave", version=version, anyway="yes")
    assert gone.status_code == 303
    assert (await room.load()).status is Status.COMPLETED
    [left] = await room.rounds()
    assert left.due_minor == 700, "what is open stays open"


async def test_a_party_that_moves_has_its_food_carried_after_it(room: Room) -> None:
    await room.send(line(room.soup))
    moved = await room.post("tables", version="1", tables=[room.tables[6].id])
    assert moved.status_code == 303
    async with room.books.reading(WAITER) as look:
        [ticket] = await orders.list_open_tickets(look, room.house.id)
    assert (ticket.table, ticket.version) == ("7", 2)


async def test_nobody_orders_at_a_table_without_sitting_there(room: Room) -> None:
    version = str((await room.load()).version)
    assert (await room.post("step", step="leave", version=version)).status_code == 303
    refused = await room.send(line(room.soup))
    assert refused.status_code == 409
    assert "Please seat them first" in refused.text
    assert await room.rounds() == []


@pytest.mark.parametrize("wrong", ["", "[]", "[1,2]", '["x",0,[],null]', '["x",100,[],null]'])
async def test_a_line_that_our_page_never_wrote_is_refused_in_words(room: Room, wrong: str) -> None:
    refused = await room.send(wrong)
    assert refused.status_code in {400, 409}
    assert await room.rounds() == []


async def test_guests_do_not_order_at_a_table_from_afar(room: Room) -> None:
    room.waiter.cookies.clear()
    wish = {
        "orderType": "DINE_IN",
        "locationId": room.house.id,
        "items": [{"menuItemId": room.soup, "quantity": 1}],
        "guestName": "Eve",
        "guestPhone": "030 1",
    }
    answer = await room.waiter.post("/api/orders", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "OrderTypeOff")


async def test_the_order_of_another_party_is_nobodys_here(room: Room) -> None:
    await room.send(line(room.soup))
    [first] = await room.rounds()
    await room.cook(first.id)
    async with room.books.writing(WAITER) as uow:
        other = await floor.walk_in(uow, room.house.id, 2)
    form = {"order": first.id, "version": "4"}
    answer = await room.waiter.post(room.path("served", other), data=form, headers=OWN)
    assert answer.status_code == 409
    assert "This party has no such order" in answer.text
    assert [one.status for one in await room.rounds()] == [OrderStatus.READY]


async def test_people_of_another_house_see_no_orders_of_this_one(
    room: Room, client: httpx.AsyncClient
) -> None:
    away = await open_restaurant(room.books)
    await add_staff(room.books, "far@bistro.example", role=Role.MANAGER, houses=(away.id,))
    await sign_in(client, "far@bistro.example")
    assert (await client.get(room.path("order"))).status_code == 403
    assert (await room.post("paid", method="CASH")).status_code == 403
