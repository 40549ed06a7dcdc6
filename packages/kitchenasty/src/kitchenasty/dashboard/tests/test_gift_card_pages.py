"""The office's gift cards: the code is shown once, a form that is sent twice makes one card."""

from __future__ import annotations

import re

import httpx
import pytest

from basis.kit.data.paging import Page
from kitchenasty import gift_cards
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role

PATH = "/admin/gift-cards"
CODE = re.compile(r"<code>([0-9A-Z-]{24})</code>")
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
async def manager(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    return client


async def test_a_code_is_shown_once_and_opens_the_balance_page(
    manager: httpx.AsyncClient, books: Books
) -> None:
    [card_id] = re.findall(r'name="card" value="([^"]+)"', (await manager.get(PATH)).text)
    form = {"card": card_id, "amount": "12,50", "currency": "EUR", "note": "raffle"}
    issued = await manager.post(PATH, data=form, headers=OWN)
    [code] = CODE.findall(issued.text)
    again = await manager.post(PATH, data=form, headers=OWN)
    assert again.status_code == 409
    assert not CODE.findall(again.text + (await manager.get(PATH)).text)
    async with books.reading() as look:
        [card], total = await gift_cards.list_cards(look, Page())
    assert (total, card.balance_minor, card.note) == (1, 1_250, "raffle")
    told = await manager.post("/gift-card", data={"code": code.lower()}, headers=OWN)
    assert "€12.50" in told.text
    path = f"{PATH}/{card.id}"
    without = await manager.post(f"{path}/void", data={"reason": " "}, headers=OWN)
    assert without.status_code == 400
    await manager.post(f"{path}/void", data={"reason": "lost on the way"}, headers=OWN)
    assert "lost on the way" in (await manager.get(path)).text
    told = await manager.post("/gift-card", data={"code": code}, headers=OWN)
    assert "not valid any more" in told.text


@pytest.mark.parametrize("amount", ["much", "0", "-5", "1.234"])
async def test_an_amount_that_makes_no_sense_is_told_and_stays_typed(
    manager: httpx.AsyncClient, amount: str
) -> None:
    form = {"amount": amount, "currency": "EUR", "note": "raffle"}
    refused = await manager.post(PATH, data=form, headers=OWN)
    assert refused.status_code == 400
    assert 'value="raffle"' in refused.text
    assert 'role="alert"' in refused.text
