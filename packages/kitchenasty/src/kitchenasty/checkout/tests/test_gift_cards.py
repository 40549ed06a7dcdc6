"""Gift cards: issued once, spent once, given back to the same card."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from basis.errors import DomainError
from basis.kit.data.database import DatabaseAway
from basis.kit.data.statements import Statement
from basis.money import Money
from kitchenasty import audit, checkout, gift_cards, locations, orders, payments
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.gift_cards import CardEntryKind
from kitchenasty.gift_cards.tests.builders import issue
from kitchenasty.kit.books import Books
from kitchenasty.kit.limits import GIFT_CARD_GUESS_PER_ADDRESS
from kitchenasty.kit.principals import Role
from kitchenasty.kit.tables import every_table
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.staff.tests.builders import sign_in

Line = checkout.CartLine
TRIES_MAX = 40
OWN = {"origin": "http://house.example"}
ENTRIES = every_table()["gift_card_entries"]
SUM = Statement(select(func.coalesce(func.sum(ENTRIES.c.amount_minor), 0)))


@pytest.fixture
async def dish_id(books: Books) -> str:
    async with books.writing() as uow:
        return await add_dish(uow)


async def place(
    books: Books, house: locations.House, dish_id: str, code: str, **fields: Any
) -> checkout.AcceptedOrder | str:
    """Two dishes for 25.00, or the code of the refusal. Who finds no connection asks again."""
    draft = draft_of(house.id, Line(dish_id, 2), gift_card=code, **fields)
    for _ in range(TRIES_MAX):
        with suppress(DatabaseAway):
            try:
                async with books.writing() as uow:
                    return await checkout.place_order(uow, draft)
            except DomainError as refusal:
                if not isinstance(refusal, DatabaseAway):
                    return refusal.code
    raise AssertionError("no connection became free")


async def left_on(books: Books, issued: gift_cards.IssuedCard) -> int:
    """The sum of the ledger, which is what the card says."""
    async with books.reading() as look:
        card = await gift_cards.load_card(look, issued.card.id)
        assert int(await look.value(SUM)) == card.balance_minor
    return card.balance_minor


async def tenders_of(books: Books, order_id: str) -> list[tuple[str, str, int]]:
    async with books.reading() as look:
        found = await payments.list_payments(look, order_id)
    return [(one.method.value, one.state.value, one.amount_minor) for one in found]


@pytest.mark.parametrize(
    ("on_it", "tenders", "left"),
    [
        (1_000, [("GIFT_CARD", "CAPTURED", 1_000), ("CASH", "CREATED", 1_500)], 0),
        (4_000, [("GIFT_CARD", "CAPTURED", 2_500), ("CASH", "CREATED", 0)], 1_500),
    ],
)
async def test_a_card_pays_what_it_can_and_changes_no_price(
    books: Books,
    house: locations.House,
    dish_id: str,
    on_it: int,
    tenders: list[tuple[str, str, int]],
    left: int,
) -> None:
    issued = await issue(books, on_it)
    placed = await place(books, house, dish_id, issued.code.lower())
    assert isinstance(placed, checkout.AcceptedOrder)
    assert (placed.order.total_minor, placed.order.discount_minor) == (2_500, 0)
    assert await tenders_of(books, placed.id) == tenders
    assert await left_on(books, issued) == left


async def test_10_orders_race_for_one_cards_balance(
    books: Books, house: locations.House, dish_id: str
) -> None:
    issued = await issue(books, 2_500)
    answers = await asyncio.gather(
        *(place(books, house, dish_id, issued.code, shown_gift_minor=2_500) for _ in range(10))
    )
    told = Counter(one if isinstance(one, str) else "ordered" for one in answers)
    print(f"C4: 10 orders, one card's 25.00: {told['ordered']} has it")
    assert told["ordered"] == 1
    assert told["GiftCardShort"] + told["GiftCardEmpty"] == 9
    assert await left_on(books, issued) == 0


async def test_a_card_that_holds_less_than_was_shown_orders_nothing(
    books: Books, house: locations.House, dish_id: str
) -> None:
    issued = await issue(books, 1_000)
    placed = await place(books, house, dish_id, issued.code, shown_gift_minor=2_500)
    assert placed == "GiftCardShort"
    assert await left_on(books, issued) == 1_000


async def test_a_card_that_cannot_pay_says_why(
    books: Books, house: locations.House, dish_id: str
) -> None:
    empty, void, dollars = await issue(books), await issue(books), await issue(books, 500, "USD")
    assert isinstance(await place(books, house, dish_id, empty.code), checkout.AcceptedOrder)
    async with books.writing() as uow:
        await gift_cards.void(uow, void.card.id, reason="lost")
    mistyped = empty.code[:-1] + ("0" if empty.code[-1] != "0" else "2")
    unknown = "0000-0000-0000-0000-0000"
    codes = (empty.code, void.code, dollars.code, mistyped, unknown)
    assert [await place(books, house, dish_id, code) for code in codes] == [
        "GiftCardEmpty",
        "GiftCardVoid",
        "GiftCardElsewhere",
        "GiftCardMistyped",
        "GiftCardUnknown",
    ]


async def test_a_cancelled_order_gives_the_card_its_money_back_once(
    books: Books, house: locations.House, dish_id: str
) -> None:
    issued = await issue(books, 1_000)
    placed = await place(books, house, dish_id, issued.code)
    assert isinstance(placed, checkout.AcceptedOrder)

    async def cancel() -> None:
        with suppress(orders.OrderMoveRefused, orders.OrderChanged, DatabaseAway):
            async with books.writing() as uow:
                await orders.move_order(uow, placed.id, orders.OrderStatus.CANCELLED)

    await asyncio.gather(*(cancel() for _ in range(5)))
    async with books.writing() as uow:
        assert await gift_cards.give_back(uow, placed.id) == 0
    assert await left_on(books, issued) == 1_000
    assert [state for _, state, _ in await tenders_of(books, placed.id)] == ["EXPIRED", "EXPIRED"]
    async with books.reading() as look:
        entries = await gift_cards.list_entries(look, issued.card.id)
    assert [(one.kind, one.amount_minor) for one in reversed(entries)] == [
        (CardEntryKind.ISSUED, 1_000),
        (CardEntryKind.SPENT, -1_000),
        (CardEntryKind.GIVEN_BACK, 1_000),
    ]


async def test_parts_that_are_given_back_never_add_up_to_more_than_was_taken(
    books: Books, house: locations.House, dish_id: str
) -> None:
    issued = await issue(books, 2_500)
    placed = await place(books, house, dish_id, issued.code)
    assert isinstance(placed, checkout.AcceptedOrder)
    given = []
    for most in (700, 1_000, 2_000, 1):
        async with books.writing() as uow:
            given.append(await gift_cards.give_back(uow, placed.id, most_minor=most))
    assert given == [700, 1_000, 800, 0]
    assert await left_on(books, issued) == 2_500


async def test_a_card_is_voided_once_with_a_reason_and_a_trail(books: Books) -> None:
    issued = await issue(books, 1_000)

    async def void(reason: str) -> str:
        try:
            async with books.writing() as uow:
                await gift_cards.void(uow, issued.card.id, reason=reason)
        except DomainError as refusal:
            return refusal.code
        return "voided"

    answers = [await void(reason) for reason in ("  ", "stolen", "stolen")]
    assert answers == ["CardRefused", "voided", "GiftCardVoid"]
    async with books.reading() as look:
        trail = await audit.list_entries(look, entity="GiftCard", entity_id=issued.card.id)
    assert [one.action for one in trail] == ["void", "issue"]
    assert await left_on(books, issued) == 0


async def test_nothing_in_the_books_tells_a_code(books: Books) -> None:
    issued = await issue(books)
    async with books.reading() as look:
        rows = [await look.rows(Statement(select(t))) for t in every_table().values()]
    kept = str(rows)
    plain = issued.code.replace("-", "")
    assert plain[-4:] in kept
    assert plain not in kept
    assert issued.code not in kept


async def test_a_form_sent_twice_issues_one_card(books: Books) -> None:
    first = await issue(books)
    with pytest.raises(gift_cards.CardIssued):
        async with books.writing() as uow:
            await gift_cards.issue(uow, Money(500, "EUR"), card_id=first.card.id)


async def test_the_api_issues_tells_and_voids_a_card(
    client: httpx.AsyncClient, books: Books, house: locations.House, dish_id: str
) -> None:
    manager = await sign_in(books, Role.MANAGER)
    wish = {"amount": 12.5, "currency": "EUR", "note": "raffle"}
    made = (await client.post("/api/gift-cards", json=wish, headers=manager)).json()["data"]
    code, path = made["code"], f"/api/gift-cards/{made['card']['id']}"
    balance = await client.post("/api/gift-cards/balance", json={"code": code})
    assert balance.json()["data"] == {"balance": 12.5, "currency": "EUR", "isVoid": False}
    form = {"orderType": "PICKUP", "items": [{"menuItemId": dish_id, "quantity": 2}]}
    cart = form | {"giftCardCode": code, "locationId": house.id}
    quote = (await client.post("/api/quote", json=cart)).json()["data"]
    assert quote["giftCard"] == {"amount": 12.5, "stays": 0, "due": 12.5}
    guest = {"guestName": "Tom", "guestPhone": "030 1", "giftCardAmount": 12.5}
    placed = await client.post("/api/orders", json=cart | guest | {"quote": quote["quote"]})
    paid = [(one["method"], one["amount"]) for one in placed.json()["data"]["payments"]]
    assert paid == [("GIFT_CARD", 12.5), ("CASH", 12.5)]
    again = (await client.post("/api/quote", json=cart)).json()["data"]
    assert again["giftCardProblem"]["code"] == "GiftCardEmpty"
    voided = await client.post(f"{path}/void", json={"reason": "over"}, headers=manager)
    assert voided.json()["data"]["voidedAt"] is not None
    shown = (await client.get(path, headers=manager)).json()["data"]
    assert [one["kind"] for one in shown["entries"]] == ["VOIDED", "SPENT", "ISSUED"]
    listed = (await client.get("/api/gift-cards", headers=manager)).json()
    assert (listed["pagination"]["total"], "code" in str(listed["data"])) == (1, False)


async def test_whoever_guesses_gift_cards_waits(
    client: httpx.AsyncClient, books: Books, house: locations.House, dish_id: str
) -> None:
    issued = await issue(books)
    burst = GIFT_CARD_GUESS_PER_ADDRESS.burst
    for _ in range(2 * burst):
        right = await client.post("/api/gift-cards/balance", json={"code": issued.code})
        assert right.status_code == 200
    item = {"menuItemId": dish_id, "quantity": 1}
    form = {"orderType": "PICKUP", "items": [item], "locationId": house.id}
    unknown = "0000-0000-0000-0000-0000"
    sent = {"code": unknown, "giftCardCode": unknown, **form}
    doors = ("/api/gift-cards/balance", "/api/quote", "/api/orders/quote")
    answers = [
        (await client.post(doors[number % 3], json=sent)).status_code for number in range(2 * burst)
    ]
    looked_up = answers.count(404) + answers.count(200)
    print(f"A5: {len(answers)} guesses of a gift card's code: {looked_up} looked up")
    assert looked_up <= burst + 1
    assert answers[-3:] == [429, 429, 429]
    told = await client.post("/gift-card", data={"code": issued.code}, headers=OWN)
    assert told.status_code == 429
