"""Categories, mealtimes, allergens and their pictures in the office, and who may change them."""

from __future__ import annotations

import io
import json
import re
from html import unescape

import httpx
import pytest
from PIL import Image

from basis.kit.data.paging import Page
from kitchenasty import media, menu
from kitchenasty.dashboard.menu.mealtime_form import MealtimeForm
from kitchenasty.dashboard.menu.seen import seen_in
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import Role
from kitchenasty.locations import House
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_category, add_dish

Client = httpx.AsyncClient
SEEN = re.compile(r'name="seen" value="([^"]*)"')
OWNER = "owner@bistro.example"


def photograph(colour: str = "olive") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
async def owner(client: Client, books: Books, house: House) -> House:
    await add_staff(books, OWNER, role=Role.SUPER_ADMIN)
    await sign_in(client, OWNER)
    return house


async def shelve(books: Books, config: Config) -> media.Asset:
    upload = await media.receive(config.data_dir, photograph(), "olive.png")
    async with books.writing() as uow:
        return await media.shelve(uow, upload)


def kept_files(config: Config) -> list[str]:
    return sorted(path.name for path in (config.data_dir / "uploads").glob("*"))


@pytest.mark.usefixtures("owner")
async def test_a_category_is_written_and_changed(client: Client, books: Books) -> None:
    async with books.writing() as uow:
        above = await add_category(uow, name="Drinks")
        times = [
            await menu.add_mealtime(
                uow, menu.MealtimeDraft(name=name, starts=600, ends=700, days=(1,))
            )
            for name in ("Late", "Early")
        ]
    fresh = {"name": "Wine", "parent": above, "active": "on", "mealtimes": times[0]}
    answer = await client.post("/admin/menu/categories/new", data=fresh, headers=OWN)
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"].partition("?")[0]
    page = (await client.get(path)).text
    seen = unescape(SEEN.findall(page)[0])
    changed = fresh | {"name": "Wines", "mealtimes": times[1], "seen": seen}
    assert (await client.post(path, data=changed, headers=OWN)).status_code == 303
    async with books.reading() as look:
        entry = await menu.load_category_entry(look, path.rpartition("/")[2])
    assert (entry.name, entry.slug, entry.parent_id) == ("Wines", "wine", above)
    assert entry.mealtime_ids == (times[1],)
    # Somebody who still has the first page open is told, and loses nothing.
    late = await client.post(path, data=fresh | {"name": "Vine", "seen": seen}, headers=OWN)
    assert late.status_code == 409
    assert 'value="Vine"' in late.text
    again = changed | {"name": "Vine", "seen": unescape(SEEN.findall(late.text)[0])}
    assert (await client.post(path, data=again, headers=OWN)).status_code == 303


@pytest.mark.usefixtures("owner")
async def test_a_category_with_something_in_it_is_not_deleted(client: Client, books: Books) -> None:
    async with books.writing() as uow:
        category_id = await add_category(uow)
        dish_id = await add_dish(uow, category_id=category_id)
    path = f"/admin/menu/categories/{category_id}"
    refused = await client.post(f"{path}/delete", headers=OWN)
    assert refused.status_code == 409
    assert "has items" in refused.text
    async with books.writing() as uow:
        await menu.delete_dish(uow, dish_id)
    assert (await client.post(f"{path}/delete", headers=OWN)).status_code == 303
    assert (await client.get(path)).status_code == 404


@pytest.mark.usefixtures("owner")
async def test_a_mealtime_is_written_changed_and_deleted(client: Client, books: Books) -> None:
    typed = {"name": "Late", "starts": "22:00", "ends": "01:30", "days": ["5", "6"], "active": "on"}
    here = "/admin/menu/mealtimes"
    answer = await client.post(f"{here}/new", data=typed, headers=OWN)
    mealtime_id = answer.headers["location"].rpartition("=")[2]
    assert "22:00–01:30" in (await client.get(here)).text
    page = (await client.get(f"{here}/{mealtime_id}")).text
    seen = unescape(SEEN.findall(page)[0])
    bad = await client.post(
        f"{here}/{mealtime_id}", data=typed | {"starts": "late", "seen": seen}, headers=OWN
    )
    assert (bad.status_code, "a time like 11:30" in bad.text) == (400, True)
    none = await client.post(f"{here}/{mealtime_id}", data=typed | {"days": []}, headers=OWN)
    assert none.status_code == 400
    off = {name: value for name, value in typed.items() if name != "active"}
    await client.post(f"{here}/{mealtime_id}", data=off | {"seen": seen}, headers=OWN)
    async with books.reading() as look:
        entry = await menu.load_mealtime_entry(look, mealtime_id)
    assert (entry.starts, entry.ends, entry.days) == (1_320, 90, (5, 6))
    assert not entry.is_active
    late = await client.post(
        f"{here}/{mealtime_id}", data=typed | {"starts": "21:00", "seen": seen}, headers=OWN
    )
    assert late.status_code == 303, "another field than the one that somebody changed"
    assert (await client.post(f"{here}/{mealtime_id}/delete", headers=OWN)).status_code == 303


@pytest.mark.usefixtures("owner")
async def test_an_allergen_of_ones_own_goes_when_no_dish_has_it(
    client: Client, books: Books
) -> None:
    here = "/admin/menu/allergens"
    answer = await client.post(here, data={"name": "Coriander"}, headers=OWN)
    allergen_id = answer.headers["location"].rpartition("=")[2]
    twice = await client.post(here, data={"name": "Coriander"}, headers=OWN)
    assert (twice.status_code, 'value="Coriander"' in twice.text) == (409, True)
    assert (await client.post(here, data={"name": " "}, headers=OWN)).status_code == 400
    async with books.writing() as uow:
        codes = {row.id: row.code for row, _ in await menu.list_allergens(uow)}
        dish_id = await add_dish(uow, allergens=(codes[allergen_id],))
        law = next(row.id for row, _ in await menu.list_allergens(uow) if row.code == "milk")
    refused = await client.post(f"{here}/{allergen_id}/delete", headers=OWN)
    assert (refused.status_code, "in use" in refused.text) == (409, True)
    assert (await client.post(f"{here}/{law}/delete", headers=OWN)).status_code == 404
    async with books.writing() as uow:
        await menu.delete_dish(uow, dish_id)
    assert (await client.post(f"{here}/{allergen_id}/delete", headers=OWN)).status_code == 303
    assert "Coriander" not in (await client.get(here)).text


async def test_a_list_is_put_in_order_by_steps_and_taken_back(
    client: Client, books: Books, owner: House
) -> None:
    async with books.writing() as uow:
        ids = [await add_category(uow, name=name, house_id=owner.id) for name in "ABC"]
    here = "/admin/menu/categories"
    form = {"kind": "categories", "of": "", "seen": ",".join(ids), "back": here}
    moved = await client.post(
        "/admin/menu/order", data=form | {"move": f"up:{ids[2]}"}, headers=OWN
    )
    address = moved.headers["location"]
    page = (await client.get(address)).text
    assert re.findall(r'data-name="(\w)"', page) == ["A", "C", "B"]
    order_id = address.rpartition("=")[2]
    # The second tab still shows the old list.
    late = await client.post(
        "/admin/menu/order", data=form | {"move": f"down:{ids[0]}"}, headers=OWN
    )
    assert "Somebody has changed this list" in (await client.get(late.headers["location"])).text
    told = await client.post(
        "/admin/menu/order",
        data=form | {"wanted": ",".join(reversed(ids))},
        headers=OWN | {"accept": "application/json"},
    )
    assert (told.status_code, "meanwhile" in told.json()["error"]) == (409, True)
    back = f"/admin/menu/order/{order_id}/take-back"
    assert (await client.post(back, data={"back": here}, headers=OWN)).status_code == 303
    assert re.findall(r'data-name="(\w)"', (await client.get(here)).text) == ["A", "B", "C"]


async def test_a_picture_of_the_library_is_chosen_for_dish_category_and_house(
    client: Client, books: Books, config: Config, owner: House
) -> None:
    async with books.writing() as uow:
        category_id = await add_category(uow)
        dish_id = await add_dish(uow, category_id=category_id)
    asset = await shelve(books, config)
    shown = "circle-check"
    for thing in (
        f"/admin/menu/dishes/{dish_id}",
        f"/admin/menu/categories/{category_id}",
        f"/admin/houses/{owner.id}",
    ):
        picker = f"{thing}/pictures"
        assert shown not in (await client.get(picker)).text
        nothing = await client.post(picker, data={}, headers=OWN)
        assert (nothing.status_code, "choose a picture first" in nothing.text) == (400, True)
        chosen = await client.post(picker, data={"picture": asset.id}, headers=OWN)
        assert chosen.headers["location"] == f"{thing}?saved=yes"
        assert shown in (await client.get(picker)).text
        stem = asset.path.removesuffix(".webp")
        assert stem in (await client.get(thing)).text
        sent = await client.post(
            picker, files={"image": ("lime.png", photograph("lime"), "image/png")}, headers=OWN
        )
        assert sent.status_code == 303
        assert stem not in (await client.get(thing)).text
        gone = await client.post(picker, data={"remove": "yes"}, headers=OWN)
        assert gone.status_code == 303
    async with books.reading() as look:
        assets, total = await media.list_assets(look, Page())
    assert total == 2
    assert {one.original_name for one in assets} == {"lime.png", "olive.png"}


async def test_pictures_that_are_sent_for_dishes_and_houses_are_in_the_library(
    client: Client, books: Books, owner: House
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    doors = (f"/admin/menu/dishes/{dish_id}/picture", f"/admin/houses/{owner.id}/picture")
    for door, colour in zip(doors, ("lime", "navy"), strict=True):
        sent = {"image": (f"{colour}.png", photograph(colour), "image/png")}
        assert (await client.post(door, files=sent, headers=OWN)).status_code == 303
    async with books.reading() as look:
        assets, _ = await media.list_assets(look, Page())
    assert {one.original_name for one in assets} == {"lime.png", "navy.png"}


async def test_a_file_for_what_is_not_yours_is_not_kept(
    client: Client, books: Books, config: Config, house: House
) -> None:
    """A manager of one house posts to another one's things, and to those that all of them share."""
    async with books.writing() as uow:
        other = await add_house(uow)
        things = [f"/admin/houses/{other.id}"]
        for of in (other.id, None):
            things.append(f"/admin/menu/dishes/{await add_dish(uow, house_id=of)}")
            things.append(f"/admin/menu/categories/{await add_category(uow, house_id=of)}")
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    doors = [f"{one}/pictures" for one in things]
    doors += [f"{one}/picture" for one in things if "categories" not in one]
    doors += [
        f"/api/menu/items/{one.rpartition('/')[2]}/image" for one in things if "dishes" in one
    ]
    login = {"email": "m@bistro.example", "password": "seven green kettles"}
    token = (await client.post("/api/auth/staff/login", json=login)).json()["data"]["token"]
    before = kept_files(config)
    for door in doors:
        headers = {"authorization": f"Bearer {token}"} if door.startswith("/api/") else OWN
        sent = {"image": ("mine.png", photograph("red"), "image/png")}
        answer = await client.post(door, files=sent, headers=headers)
        assert answer.status_code in (403, 404), f"{door}: {answer.status_code}"
        assert kept_files(config) == before, door
    print(f"A1: {len(doors)} files sent to what is not one's own, 0 kept")


def test_a_form_that_was_not_seen_is_none() -> None:
    for nonsense in ("", "{", json.dumps([1]), "[" * 30_000):
        assert seen_in(MealtimeForm(seen=nonsense)) is None
