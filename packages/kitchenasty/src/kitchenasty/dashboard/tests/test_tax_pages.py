"""The office's page of taxes: rates in a form, saved as a whole or refused with what was typed."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role

COLUMNS = ("tax", "category", "rate", "dining", "from", "until")
VAT = ("VAT", "standard", "13,5", "", "", "2030-12-31")
NEXT = ("VAT", "Standard ", "9 %", "", "2031-01-01", "")
DRINKS = ("VAT", "drinks", "23", "", "", "")
EMPTY = ("", "", "", "", "", "")

Row = tuple[str, ...]


def form_of(*rows: Row, drop: tuple[str, ...] = ()) -> dict[str, list[str] | str]:
    columns = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    return {**columns, "drop": list(drop), "policy": "by-rate/half-up", "includes": "1"}


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    return client


async def save(client: httpx.AsyncClient, house_id: str, *rows: Row, **more: Row) -> httpx.Response:
    return await client.post(f"/admin/taxes/{house_id}", data=form_of(*rows, **more), headers=OWN)


async def rates_of(books: Books, house_id: str) -> list[tuple[str, int, date, date | None]]:
    async with books.reading() as look:
        house = await locations.load_house(look, house_id)
    return [(r.category, r.millionths, r.valid_from, r.valid_until) for r in house.tax_rates]


async def test_rates_are_saved_and_shown_again(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    answer = await save(manager, house.id, VAT, NEXT, EMPTY, DRINKS, EMPTY)
    assert answer.status_code == 303, answer.text
    assert await rates_of(books, house.id) == [
        ("drinks", 230_000, date.min, None),
        ("standard", 135_000, date.min, date(2030, 12, 31)),
        ("standard", 90_000, date(2031, 1, 1), None),
    ]
    shown = (await manager.get(answer.headers["location"])).text
    assert "Saved." in shown
    assert 'value="13.5"' in shown
    assert 'value="2031-01-01"' in shown


async def test_a_rate_is_taken_away(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    forever = ("VAT", "standard", "9", "", "", "")
    answer = await save(manager, house.id, forever, DRINKS, drop=("1",))
    assert answer.status_code == 303
    assert await rates_of(books, house.id) == [("standard", 90_000, date.min, None)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("VAT", "standard", "much", "", "", ""), "Rate 2 cannot be read"),
        (("", "standard", "7", "", "", ""), "Rate 2 cannot be read"),
        (("VAT", "two words", "7", "", "", ""), "Rate 2 cannot be read"),
        (("VAT", "standard", "7", "STANDING", "", ""), "Rate 2 cannot be read"),
        (("VAT", "wine", "7", "", "2031-02-31", ""), "Rate 2 cannot be read"),
        (("VAT", "wine", "7", "", "2999-01-01", ""), "there is no rate for"),
        (("VAT", "drinks", "7", "", "", ""), "two rates on the same day"),
    ],
)
async def test_what_does_not_fit_is_refused_and_what_was_typed_stays(
    manager: httpx.AsyncClient, books: Books, house: locations.House, row: Row, sentence: str
) -> None:
    answer = await save(manager, house.id, ("VAT", "drinks", "77", "", "", ""), row)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="77"' in answer.text
    assert await rates_of(books, house.id) == []


async def test_nobody_changes_the_rates_of_another_house(
    manager: httpx.AsyncClient, books: Books, other_house: locations.House
) -> None:
    assert other_house.id not in (await manager.get("/admin/taxes")).text
    answer = await save(manager, other_house.id, ("VAT", "standard", "1", "", "", ""))
    assert answer.status_code == 403
    assert await rates_of(books, other_house.id) == []
