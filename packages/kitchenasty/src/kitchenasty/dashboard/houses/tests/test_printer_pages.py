"""The pages of a house's printers."""

from __future__ import annotations

import re

import httpx

from basis.ids import new_id
from kitchenasty import locations, printing
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.kit.books import Books
from kitchenasty.printing.tests.builders import a_printer

PASS = {
    "name": "Pass", "address": "192.168.1.50", "port": "9100", "width": "42", "answers": "on",
    "isOn": "on",
}  # fmt: skip
Client = httpx.AsyncClient


async def printers(books: Books, house: locations.House) -> list[printing.Printer]:
    async with books.reading() as look:
        return await printing.list_printers(look, house.id)


def pages_of(house: locations.House) -> str:
    return f"/admin/houses/{house.id}/printers"


async def test_a_manager_puts_up_a_printer_once_and_tries_it(
    manager: Client, books: Books, house: locations.House
) -> None:
    here = pages_of(house)
    assert "No printers yet." in (await manager.get(here)).text
    typed = {**PASS, "key": new_id()}
    for _ in range(2):
        answer = await manager.post(here, data=typed, headers=OWN)
        assert answer.status_code == 303
    (made,) = await printers(books, house)
    assert (made.name, made.address, made.port, made.width) == ("Pass", "192.168.1.50", 9_100, 42)
    assert (await manager.post(f"{here}/{made.id}/test", headers=OWN)).status_code == 303
    page = (await manager.get(f"{here}/{made.id}?told=test")).text
    assert "A test docket is on its way." in page
    assert "On its way" in page
    assert house.name in page


async def test_what_cannot_be_is_said_where_it_was_typed_and_stays_there(
    manager: Client, books: Books, house: locations.House
) -> None:
    typed = {**PASS, "name": "Küche 2", "address": "http://10.0.0.5/"}
    answer = await manager.post(pages_of(house), data=typed, headers=OWN)
    assert answer.status_code == 400
    assert "Please write its address in the network" in answer.text
    assert 'value="Küche 2"' in answer.text
    assert await printers(books, house) == []


async def test_of_two_who_change_it_the_second_looks_again(
    manager: Client, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        printer_id, _ = await a_printer(uow, house.id)
    here = f"{pages_of(house)}/{printer_id}"
    first = await manager.post(here, data={**PASS, "version": "1"}, headers=OWN)
    second = await manager.post(here, data={**PASS, "name": "Bar", "version": "1"}, headers=OWN)
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Somebody has changed this printer meanwhile." in second.text
    assert [one.name for one in await printers(books, house)] == ["Pass"]


async def test_a_printed_docket_is_printed_again_and_a_waiting_one_is_not(
    manager: Client, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        printer_id, printout_id = await a_printer(uow, house.id)
    again = f"{pages_of(house)}/{printer_id}/printouts/{printout_id}/again"
    first = await manager.post(again, headers=OWN)
    second = await manager.post(again, headers=OWN)
    assert (first.status_code, second.status_code) == (303, 409)
    page = (await manager.get(f"{pages_of(house)}/{printer_id}")).text
    assert re.search(r"On its way.*REPRINT", page, re.DOTALL)


async def test_a_printer_that_is_off_prints_no_test_and_is_removed(
    manager: Client, books: Books, house: locations.House
) -> None:
    draft = printing.PrinterDraft(name="Bar", address="10.0.0.5", is_on=False)
    async with books.writing() as uow:
        printer_id = await printing.add_printer(uow, house.id, draft)
    here = f"{pages_of(house)}/{printer_id}"
    refused = await manager.post(f"{here}/test", headers=OWN)
    assert refused.status_code == 409
    assert "This printer is switched off." in refused.text
    assert (await manager.post(f"{here}/remove", headers=OWN)).status_code == 303
    assert await printers(books, house) == []


async def test_a_printer_is_found_in_its_own_house_only(
    manager: Client, books: Books, house: locations.House, elsewhere: locations.House
) -> None:
    async with books.writing() as uow:
        printer_id, _ = await a_printer(uow, elsewhere.id)
    for method, path in (("GET", ""), ("POST", "/test"), ("POST", "/remove")):
        address = f"{pages_of(house)}/{printer_id}{path}"
        answer = await manager.request(method, address, headers=OWN)
        assert answer.status_code == 404
