from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest

from basis.ids import new_id
from kitchenasty import locations, staff
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house

BOSS, MANAGER, MILLER, HARBOURER, BOTH = (
    f"{name}@bistro.example" for name in ("boss", "manager", "miller", "harbourer", "both")
)


@dataclass
class Group:
    """Two houses and their people."""

    client: httpx.AsyncClient
    books: Books
    mill: locations.House
    harbour: locations.House
    ids: dict[str, str]

    async def move(self, email: str, *houses: str) -> httpx.Response:
        """Tick boxes on somebody's page and save."""
        path = f"/admin/staff/{self.ids[email]}/houses"
        return await self.client.post(path, data={"house": list(houses)}, headers=OWN)

    async def houses_of(self, email: str) -> set[str] | None:
        async with self.books.reading() as look:
            found = (await staff.load_member(look, self.ids[email])).house_ids
        return None if found is None else set(found)


@pytest.fixture
async def group(client: httpx.AsyncClient, books: Books) -> Group:
    async with books.writing() as uow:
        mill = await add_house(uow)
        harbour = await add_house(uow, name="Harbour")
    people = {
        BOSS: (Role.SUPER_ADMIN, None),
        MANAGER: (Role.MANAGER, (mill.id,)),
        MILLER: (Role.STAFF, (mill.id,)),
        HARBOURER: (Role.STAFF, (harbour.id,)),
        BOTH: (Role.STAFF, (mill.id, harbour.id)),
    }
    ids = {
        email: (await add_staff(books, email, role=role, houses=houses)).id
        for email, (role, houses) in people.items()
    }
    return Group(client, books, mill, harbour, ids)


async def test_an_owner_says_where_somebody_works(group: Group) -> None:
    await sign_in(group.client, BOSS)
    moved = await group.move(MILLER, group.harbour.id)
    assert moved.headers["location"].endswith("?told=houses")
    assert await group.houses_of(MILLER) == {group.harbour.id}
    await group.move(MILLER, "every", group.mill.id)
    assert await group.houses_of(MILLER) is None
    await group.move(MANAGER, group.mill.id, group.harbour.id)
    assert await group.houses_of(MANAGER) == {group.mill.id, group.harbour.id}


async def test_owners_work_in_every_house(group: Group) -> None:
    await sign_in(group.client, BOSS)
    refused = await group.move(BOSS, group.mill.id)
    assert (refused.status_code, await group.houses_of(BOSS)) == (400, None)
    other = await add_staff(group.books, "two@bistro.example", role=Role.SUPER_ADMIN)
    group.ids["two"] = other.id
    assert (await group.move("two", group.mill.id)).status_code == 403
    role = f"/admin/staff/{group.ids[MILLER]}/role"
    await group.client.post(role, data={"role": "SUPER_ADMIN"}, headers=OWN)
    assert await group.houses_of(MILLER) is None


async def test_everybody_works_somewhere(group: Group) -> None:
    await sign_in(group.client, BOSS)
    refused = await group.move(MILLER)
    assert refused.status_code == 403
    assert "at least one house" in refused.text
    assert await group.houses_of(MILLER) == {group.mill.id}


async def test_a_manager_moves_staff_within_houses_of_their_own(group: Group) -> None:
    """The box of another house is not theirs to tick, and what was ticked there stays."""
    await sign_in(group.client, MANAGER)
    page = (await group.client.get(f"/admin/staff/{group.ids[BOTH]}")).text
    assert group.mill.id in page
    assert group.harbour.id not in page
    assert (await group.move(BOTH)).status_code == 303
    assert await group.houses_of(BOTH) == {group.harbour.id}
    await group.move(MILLER, group.mill.id, group.harbour.id)
    assert await group.houses_of(MILLER) == {group.mill.id}
    assert (await group.move(MILLER, "every")).status_code == 403
    assert await group.houses_of(MILLER) == {group.mill.id}


async def test_a_manager_knows_nobody_who_works_elsewhere(group: Group) -> None:
    await sign_in(group.client, MANAGER)
    assert (await group.client.get(f"/admin/staff/{group.ids[HARBOURER]}")).status_code == 404
    assert (await group.move(HARBOURER, group.mill.id)).status_code == 404
    listed = (await group.client.get("/admin/staff")).text
    assert all((email in listed) == (email != HARBOURER) for email in group.ids)


async def test_a_manager_changes_no_manager_nor_themselves(group: Group) -> None:
    other = await add_staff(
        group.books, "peer@bistro.example", role=Role.MANAGER, houses=(group.mill.id,)
    )
    group.ids["peer"] = other.id
    await sign_in(group.client, MANAGER)
    assert (await group.move("peer", group.mill.id)).status_code == 403
    assert (await group.move(MANAGER, group.mill.id)).status_code == 400
    assert (await group.move(BOSS, group.mill.id)).status_code == 403
    listed = (await group.client.get(f"/admin/staff/{other.id}")).text
    assert f"/admin/staff/{other.id}/houses" not in listed


async def test_whoever_is_moved_signs_in_again(group: Group) -> None:
    await sign_in(group.client, MILLER)
    kept = dict(group.client.cookies)
    await sign_in(group.client, BOSS)
    await group.move(MILLER, group.harbour.id)
    group.client.cookies.clear()
    group.client.cookies.update(kept)
    assert (await group.client.get("/admin")).status_code == 303


async def test_a_house_that_closed_down_locks_nobody_out(group: Group) -> None:
    await add_staff(group.books, "left@bistro.example", houses=(new_id(),))
    await sign_in(group.client, "left@bistro.example")
    assert (await group.client.get("/admin")).status_code == 200
