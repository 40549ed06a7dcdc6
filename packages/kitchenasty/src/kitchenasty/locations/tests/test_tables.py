"""Tables: names in one line, the API of the contract, and the books on both databases."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.locations.tests.test_routes import sign_in


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("1-3", ["1", "2", "3"]),
        ("A1-A3, Bar", ["A1", "A2", "A3", "Bar"]),
        ("A1-3; 7", ["A1", "A2", "A3", "7"]),
        ("T 9 - T 10", ["T 9", "T 10"]),
        ("Bar, Bar,  ", ["Bar"]),
        ("A1-B3", ["A1-B3"]),
        ("Window-seat", ["Window-seat"]),
    ],
)
def test_many_tables_are_named_in_one_line(typed: str, names: list[str]) -> None:
    assert locations.read_names(typed) == names


@pytest.mark.parametrize("typed", ["", " , ", "9-1", "1-9999"])
def test_what_names_no_tables_is_refused(typed: str) -> None:
    with pytest.raises(locations.TableRefused):
        locations.read_names(typed)


async def test_all_tables_are_added_or_none(books: Books) -> None:
    async with books.writing() as uow:
        house = await add_house(uow)
        drafts = [locations.TableDraft(name=str(one), seats=4) for one in (1, 2)]
        await locations.add_tables(uow, house.id, drafts)
    more = [locations.TableDraft(name=name, seats=2) for name in ("3", "2")]
    with pytest.raises(locations.TableTaken, match="a table 2 here already"):
        async with books.writing() as uow:
            await locations.add_tables(uow, house.id, more)
    async with books.reading() as look:
        kept = await locations.list_tables(look, house.id)
    assert [(one.name, one.position) for one in kept] == [("1", 1), ("2", 2)]


@pytest.mark.parametrize(
    "draft",
    [
        locations.TableDraft(name=" ", seats=4),
        locations.TableDraft(name="x" * 41, seats=4),
        locations.TableDraft(name="1", seats=0),
        locations.TableDraft(name="1", seats=101),
        locations.TableDraft(name="1", seats=2, seats_min=3),
        locations.TableDraft(name="1", seats=2, position=0),
        locations.TableDraft(name="1", seats=2, area="x" * 41),
    ],
)
async def test_a_table_that_cannot_be_is_refused(books: Books, draft: locations.TableDraft) -> None:
    async with books.writing() as uow:
        house = await add_house(uow)
        with pytest.raises(locations.TableRefused):
            await locations.add_tables(uow, house.id, [draft])


async def test_the_contract_lists_adds_changes_and_deletes_tables(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    owner = await sign_in(books)
    path = f"/api/locations/{house.id}/tables"
    made = await client.post(path, json={"name": "12", "capacity": 4}, headers=owner)
    assert made.status_code == 201, made.text
    table = made.json()["data"]
    assert (table["locationId"], table["capacity"], table["isActive"]) == (house.id, 4, True)
    again = await client.post(path, json={"name": "12", "capacity": 2}, headers=owner)
    assert (again.status_code, again.json()["code"]) == (409, "TableTaken")
    await client.post(path, json={"name": "13", "capacity": 2, "area": "Terrace"}, headers=owner)
    here = f"{path}/{table['id']}"
    renamed = await client.patch(here, json={"name": "13"}, headers=owner)
    assert renamed.status_code == 409
    off = await client.patch(here, json={"isActive": False, "minCapacity": 2}, headers=owner)
    assert off.json()["data"]["minCapacity"] == 2
    seen = (await client.get(path)).json()["data"]
    assert [one["name"] for one in seen] == ["13"], "what is off is the house's own business"
    assert seen[0]["_count"] == {}, "and so is how often it was reserved"
    assert (await client.get(here)).status_code == 404
    own = (await client.get(path, headers=owner)).json()["data"]
    assert [(one["name"], one["_count"]) for one in own] == [
        ("12", {"reservations": 0}), ("13", {"reservations": 0}),
    ]  # fmt: skip
    whole = (await client.get(f"/api/locations/{house.id}", headers=owner)).json()["data"]
    assert (len(whole["tables"]), whole["_count"]["tables"]) == (2, 2)
    assert (await client.delete(here, headers=owner)).status_code == 200
    assert (await client.get(here, headers=owner)).status_code == 404
    assert (await client.delete(here, headers=owner)).status_code == 404


async def test_a_table_is_found_in_its_own_house_only(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    owner = await sign_in(books)
    async with books.writing() as uow:
        other = await add_house(uow)
        [table] = await locations.add_tables(
            uow, other.id, [locations.TableDraft(name="1", seats=2)]
        )
    path = f"/api/locations/{house.id}/tables/{table.id}"
    assert (await client.get(path, headers=owner)).status_code == 404
    assert (await client.patch(path, json={"capacity": 9}, headers=owner)).status_code == 404
    assert (await client.delete(path, headers=owner)).status_code == 404
