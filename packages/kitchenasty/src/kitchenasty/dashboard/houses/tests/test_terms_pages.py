"""How a house takes reservations, as its manager sets it, and what guests see of that at once."""

from __future__ import annotations

import re

import httpx
import pytest

from kitchenasty import locations, reservation_terms
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.kit.books import Books
from kitchenasty.reservation_terms import Terms, Turn

TERMS = {
    "own": "on", "isOn": "on", "confirms": "on", "interval": "15", "lastSeating": "90",
    "partyMax": "8", "covers": "12", "notice": "30", "advance": "45", "changeUntil": "240",
    "late": "20", "offer": "15", "reminder": "24", "turns": "2: 75\n6: 120\n",
}  # fmt: skip


def path_of(house: locations.House) -> str:
    return f"/admin/houses/{house.id}/reservations"


async def terms_of(books: Books, house: locations.House) -> Terms:
    async with books.reading() as look:
        return await reservation_terms.load_terms(look, house.id)


async def test_a_manager_sets_the_terms_of_the_own_house_and_takes_them_back(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    path, usual = path_of(house), await terms_of(books, house)
    saved = await manager.post(path, data=TERMS, headers=OWN)
    assert saved.status_code == 303, saved.text
    terms = await terms_of(books, house)
    assert (terms.interval_minutes, terms.last_seating_minutes, terms.party_max) == (15, 90, 8)
    assert (terms.covers_per_quarter, terms.notice_minutes, terms.advance_days) == (12, 30, 45)
    assert (terms.change_until_minutes, terms.late_minutes) == (240, 20)
    assert terms.turns == (Turn(2, 75), Turn(6, 120))
    shown = (await manager.get(saved.headers["location"])).text
    assert "Saved." in shown
    assert "2: 75\n6: 120" in shown
    assert (await manager.post(path, data=TERMS | {"own": ""}, headers=OWN)).status_code == 303
    assert await terms_of(books, house) == usual, "as all houses do"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"interval": "7"}, "5, 10, 15, 20, 30 or 60 minutes"),
        ({"turns": "2"}, "one size of party in each line"),
        ({"turns": "6: 120\n2: 75"}, "the small ones first"),
        ({"turns": "2: 5"}, "minutes at the table"),
        ({"partyMax": "101"}, "from 1 to 100"),
        ({"advance": "0"}, "days ahead"),
        ({"notice": "soon"}, "whole number"),
        ({"covers": "0"}, "people in 15 minutes"),
    ],
)
async def test_terms_that_cannot_be_are_refused_and_what_was_typed_stays(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    wrong: dict[str, str],
    words: str,
) -> None:
    before = await terms_of(books, house)
    answer = await manager.post(path_of(house), data=TERMS | wrong, headers=OWN)
    assert answer.status_code == 400
    assert words in answer.text.partition('role="alert"')[2][:600]
    assert 'value="240"' in answer.text
    assert await terms_of(books, house) == before


async def test_guests_are_not_led_to_a_house_that_takes_no_reservations(
    manager: httpx.AsyncClient, house: locations.House
) -> None:
    menu, reserve = f"/at/{house.slug}", f"/at/{house.slug}/reserve"
    assert "Reserve a table" in (await manager.get(menu)).text
    off = await manager.post(path_of(house), data=TERMS | {"isOn": ""}, headers=OWN)
    assert off.status_code == 303
    for page in ("/", "/locations", menu):
        text = (await manager.get(page)).text
        assert "Reserve a table" not in text, page
        assert reserve not in text, page
    # Who kept the link is told whom to call.
    assert "takes no reservations here" in (await manager.get(reserve)).text
    assert (await manager.post(path_of(house), data=TERMS, headers=OWN)).status_code == 303
    assert "Reserve a table" in (await manager.get(menu)).text


async def test_tables_are_pushed_together_blocked_and_given_back(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    drafts = [locations.TableDraft(name=name, seats=4) for name in ("4", "5")]
    async with books.writing() as uow:
        ids = [table.id for table in await locations.add_tables(uow, house.id, drafts)]
    path = path_of(house)
    pair = {"name": "4+5", "seats": "8", "seatsMin": "5", "tables": ids}
    assert (await manager.post(f"{path}/combinations", data=pair, headers=OWN)).status_code == 303
    again = await manager.post(f"{path}/combinations", data=pair, headers=OWN)
    assert (again.status_code, "combined already" in again.text) == (400, True)
    times = {"since": "2030-05-17T18:00", "until": "2030-05-17T20:00", "reason": "Paint"}
    block = times | {"tables": ids[:1]}
    assert (await manager.post(f"{path}/blocks", data=block, headers=OWN)).status_code == 303
    backwards = block | {"until": "2030-05-17T17:00"}
    assert (await manager.post(f"{path}/blocks", data=backwards, headers=OWN)).status_code == 400
    shown = (await manager.get(path)).text
    assert "Paint" in shown
    removals = re.findall(rf'action="({path}/(?:blocks|combinations)/[^"]+/remove)"', shown)
    assert len(removals) == 2
    for removal in removals:
        assert (await manager.post(removal, headers=OWN)).status_code == 303
    shown = (await manager.get(path)).text
    assert "No table is blocked." in shown
    assert "None yet: large parties get single tables only." in shown


async def test_nobody_sets_the_terms_of_another_house(
    manager: httpx.AsyncClient, books: Books, elsewhere: locations.House
) -> None:
    before = await terms_of(books, elsewhere)
    assert (await manager.get(path_of(elsewhere))).status_code == 403
    assert (await manager.post(path_of(elsewhere), data=TERMS, headers=OWN)).status_code == 403
    assert await terms_of(books, elsewhere) == before
