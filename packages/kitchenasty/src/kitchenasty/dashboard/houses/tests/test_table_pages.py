"""The tables of a house in the office."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.kit.books import Books


async def tables_of(books: Books, house: locations.House) -> list[locations.Table]:
    async with books.reading() as look:
        return await locations.list_tables(look, house.id)


async def test_a_manager_adds_twelve_tables_in_one_line_and_changes_one(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    path = f"/admin/houses/{house.id}/tables"
    assert "No tables yet" in (await manager.get(path)).text
    line = {"name": "1-12", "seats": "4", "area": "Terrace"}
    added = await manager.post(path, data=line, headers=OWN)
    assert added.status_code == 303, added.text
    assert "12 in use, 48 seats" in (await manager.get(path)).text
    third = (await tables_of(books, house))[2]
    assert (third.name, third.seats, third.area) == ("3", 4, "Terrace")
    form = (await manager.get(f"{path}/{third.id}")).text
    assert 'value="Terrace"' in form
    changed = {"name": "3b", "seats": "6", "seatsMin": "2", "position": "1"}
    await manager.post(f"{path}/{third.id}", data=changed, headers=OWN)
    [found] = [one for one in await tables_of(books, house) if one.id == third.id]
    assert (found.name, found.seats, found.seats_min, found.is_active) == ("3b", 6, 2, False)
    assert (await manager.post(f"{path}/{third.id}/remove", headers=OWN)).status_code == 403


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"name": ""}, 400, "which tables there are"),
        ({"name": "5, 1"}, 409, "a table 1 here already"),
        ({"name": "5", "seats": "many"}, 400, "a whole number"),
        ({"name": "5", "seats": "0"}, 400, "1 to 100 seats"),
        ({"name": "5", "seatsMin": "9"}, 400, "not more than its seats"),
    ],
)
async def test_what_does_not_fit_is_refused_and_nothing_is_added(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    typed: dict[str, str],
    status: int,
    sentence: str,
) -> None:
    path = f"/admin/houses/{house.id}/tables"
    await manager.post(path, data={"name": "1", "seats": "2"}, headers=OWN)
    answer = await manager.post(path, data={"seats": "4", "area": "Terrace", **typed}, headers=OWN)
    assert answer.status_code == status
    assert sentence in answer.text
    assert 'value="Terrace"' in answer.text
    assert len(await tables_of(books, house)) == 1


async def test_an_owner_takes_a_table_away(
    owner: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    path = f"/admin/houses/{house.id}/tables"
    await owner.post(path, data={"name": "1", "seats": "2"}, headers=OWN)
    [table] = await tables_of(books, house)
    assert (await owner.post(f"{path}/{table.id}/remove", headers=OWN)).status_code == 303
    assert await tables_of(books, house) == []


async def test_nobody_touches_the_tables_of_another_house(
    manager: httpx.AsyncClient, books: Books, elsewhere: locations.House, house: locations.House
) -> None:
    async with books.writing() as uow:
        draft = locations.TableDraft(name="1", seats=2)
        [table] = await locations.add_tables(uow, elsewhere.id, [draft])
    line = {"name": "9", "seats": "4"}
    for there in (elsewhere, house):
        path = f"/admin/houses/{there.id}/tables/{table.id}"
        assert (await manager.get(path)).status_code in (403, 404)
        assert (await manager.post(path, data=line, headers=OWN)).status_code in (403, 404)
    path = f"/admin/houses/{elsewhere.id}/tables"
    assert (await manager.post(path, data=line, headers=OWN)).status_code == 403
    assert await tables_of(books, elsewhere) == [table]
