"""Changing the menu through the API: who may, what stays, what is refused."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import httpx
import pytest
from PIL import Image

from kitchenasty import audit, menu
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_category, add_dish
from kitchenasty.staff.tests.builders import sign_in

Client = httpx.AsyncClient
Headers = dict[str, str]


@pytest.fixture
async def owner(books: Books) -> Headers:
    return await sign_in(books, Role.SUPER_ADMIN)


@pytest.fixture
async def cook(books: Books) -> Headers:
    return await sign_in(books, Role.STAFF)


async def add_porridge(client: Client, books: Books, owner: Headers) -> Any:
    """A dish that was added through the API."""
    async with books.writing() as uow:
        await menu.add_allergens(uow)
        category_id = await add_category(uow)
    allergens = (await client.get("/api/menu/allergens")).json()["data"]
    milk = next(one["id"] for one in allergens if one["code"] == "milk")
    body = {
        "name": "Porridge", "slug": "porridge", "price": 6.9, "categoryId": category_id,
        "allergenIds": [milk], "trackStock": True, "stockQty": 4,
        "options": [
            {"name": "Size", "displayType": "RADIO", "isRequired": True,
             "values": [{"name": "Small", "priceModifier": -0.5}, {"name": "Large"}]},
            {"name": "Fruit", "displayType": "CHECKBOX", "maxSelect": 2,
             "values": [{"name": "Apple"}]},
        ],
    }  # fmt: skip
    answer = await client.post("/api/menu/items", json=body, headers=owner)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def test_a_dish_is_changed_and_its_options_keep_their_ids(
    client: Client, books: Books, owner: Headers, house: Any
) -> None:
    item = await add_porridge(client, books, owner)
    assert (item["price"], item["stockQty"]) == (6.9, 4)
    size = item["options"][0]
    changed_size = {
        "id": size["id"], "name": "How much", "displayType": "RADIO", "isRequired": True,
        "values": [{"id": size["values"][1]["id"], "name": "Big"}, {"name": "Huge"}],
    }  # fmt: skip
    changes = {"price": 7, "options": [changed_size], "allergenIds": []}
    answer = await client.patch(f"/api/menu/items/{item['id']}", json=changes, headers=owner)
    assert answer.status_code == 200, answer.text
    after = answer.json()["data"]
    assert [(o["id"], o["name"]) for o in after["options"]] == [(size["id"], "How much")]
    assert [v["name"] for v in after["options"][0]["values"]] == ["Big", "Huge"]
    assert after["options"][0]["values"][0]["id"] == size["values"][1]["id"]
    assert (after["allergens"], after["allergensDeclared"]) == ([], True)
    async with books.reading() as look:
        entries = await audit.list_entries(look, entity="MenuItem", entity_id=item["id"])
        dish = (await menu.load_menu(look, house.id)).dishes[item["id"]]
    assert {entry.action for entry in entries} == {"create", "update"}
    assert (dish.price_minor, len(dish.options)) == (700, 1)


async def test_a_set_menu_and_its_deposit_are_kept_and_shown(
    client: Client, books: Books, owner: Headers, house: Any
) -> None:
    item = await add_porridge(client, books, owner)
    parts = [
        {"name": "Porridge", "taxCategory": "standard", "price": 6.9},
        {"name": "Cider", "taxCategory": "drinks", "price": 4},
    ]
    body = {"deposit": 0.15, "components": parts}
    answer = await client.patch(f"/api/menu/items/{item['id']}", json=body, headers=owner)
    assert answer.status_code == 200, answer.text
    after = answer.json()["data"]
    assert (after["deposit"], after["components"]) == (0.15, parts)
    shown = (await client.get(f"/api/menu?locationId={house.id}")).json()["data"]
    [dish] = shown["categories"][0]["items"]
    assert (dish["deposit"], dish["components"]) == (0.15, parts)


@pytest.mark.parametrize(
    "body",
    [
        {"deposit": -0.15},
        {"components": [{"name": "Air", "taxCategory": "standard", "price": 0}]},
        {"components": [{"name": "", "taxCategory": "standard", "price": 1}]},
        {"components": [{"name": "Air", "taxCategory": "../etc", "price": 1}]},
        {"components": [{"name": "Air", "taxCategory": "standard", "price": 1}] * 13},
    ],
)
async def test_a_set_menu_without_weight_or_end_is_refused(
    client: Client, books: Books, owner: Headers, body: Any
) -> None:
    item = await add_porridge(client, books, owner)
    answer = await client.patch(f"/api/menu/items/{item['id']}", json=body, headers=owner)
    assert answer.status_code == 400
    kept = (await client.get(f"/api/menu/items/{item['id']}", headers=owner)).json()["data"]
    assert (kept["deposit"], kept["components"]) == (0, [])


async def test_options_sent_without_ids_are_known_by_their_names(
    client: Client, books: Books, owner: Headers
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, options=(SIZE, TOPPINGS))
    before = (await client.get(f"/api/menu/items/{dish_id}")).json()["data"]["options"]
    plain = [
        {"name": o["name"], "displayType": o["displayType"], "isRequired": o["isRequired"],
         "maxSelect": o["maxSelect"],
         "values": [{"name": v["name"], "priceModifier": v["priceModifier"]} for v in o["values"]]}
        for o in before
    ]  # fmt: skip
    answer = await client.patch(
        f"/api/menu/items/{dish_id}", json={"options": plain}, headers=owner
    )
    after = answer.json()["data"]["options"]
    assert [o["id"] for o in after] == [o["id"] for o in before]
    assert [v["id"] for o in after for v in o["values"]] == [
        v["id"] for o in before for v in o["values"]
    ]


async def test_the_kitchen_takes_a_dish_off_but_changes_nothing_else(
    client: Client, books: Books, cook: Headers
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    path = f"/api/menu/items/{dish_id}"
    off = await client.patch(f"{path}/availability", json={"is86": True}, headers=cook)
    assert off.status_code == 200
    async with books.reading() as look:
        assert (await menu.list_availability(look))[dish_id].is_86
    assert (await client.patch(path, json={"price": 1}, headers=cook)).status_code == 403
    assert (await client.post("/api/menu/categories", json={}, headers=cook)).status_code == 403
    assert (await client.delete(path, headers=cook)).status_code == 403


async def test_categories_do_not_run_in_circles_and_are_not_deleted_full(
    client: Client, books: Books, owner: Headers
) -> None:
    async with books.writing() as uow:
        top = await add_category(uow)
        below = await add_category(uow, parent_id=top)
        dish_id = await add_dish(uow, category_id=below)
    circle = await client.patch(
        f"/api/menu/categories/{top}", json={"parentId": below}, headers=owner
    )
    assert (circle.status_code, circle.json()["error"]) == (
        400,
        "Category cannot be its own parent",
    )
    for full in (top, below):
        answer = await client.delete(f"/api/menu/categories/{full}", headers=owner)
        assert (answer.status_code, answer.json()["code"]) == (409, "StillInUse")
    assert (await client.delete(f"/api/menu/items/{dish_id}", headers=owner)).status_code == 200
    assert (await client.delete(f"/api/menu/categories/{below}", headers=owner)).status_code == 200


async def test_mealtimes_and_allergens_come_and_go(client: Client, owner: Headers) -> None:
    late = {"name": "Late", "startTime": "22:00", "endTime": "02:00", "days": [5, 6]}
    made = await client.post("/api/menu/mealtimes", json=late, headers=owner)
    assert (made.status_code, made.json()["data"]["endTime"]) == (201, "02:00")
    path = f"/api/menu/mealtimes/{made.json()['data']['id']}"
    changed = await client.patch(path, json={"startTime": "21:30"}, headers=owner)
    assert changed.json()["data"]["startTime"] == "21:30"
    nonsense = await client.patch(path, json={"startTime": "99:99"}, headers=owner)
    assert nonsense.status_code == 400
    assert (await client.delete(path, headers=owner)).status_code == 200
    own = await client.post("/api/menu/allergens", json={"name": "Kiwi"}, headers=owner)
    assert own.status_code == 201
    again = await client.post("/api/menu/allergens", json={"name": "Kiwi"}, headers=owner)
    assert again.status_code == 409
    path = f"/api/menu/allergens/{own.json()['data']['id']}"
    assert (await client.delete(path, headers=owner)).status_code == 200


async def test_a_picture_is_uploaded_shown_and_taken_away(
    client: Client, books: Books, owner: Headers
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "olive").save(drawn, "PNG")
    path = f"/api/menu/items/{dish_id}/image"
    answer = await client.post(
        path, files={"image": ("soup.png", drawn.getvalue(), "image/png")}, headers=owner
    )
    assert answer.status_code == 200, answer.text
    image = answer.json()["data"]["image"]
    assert (await client.get(image)).headers["content-type"] == "image/webp"
    fake = await client.post(
        path, files={"image": ("soup.png", b"<svg/>", "image/png")}, headers=owner
    )
    assert (fake.status_code, fake.json()["code"]) == (400, "PictureRefused")
    none = await client.post(path, files={"other": ("a.png", b"x", "image/png")}, headers=owner)
    assert none.status_code == 400
    assert (await client.delete(path, headers=owner)).json()["data"]["image"] is None


NOWHERE = "01890000-0000-7000-8000-000000000009"
CATEGORY = {"name": "Soups", "slug": "soups"}
NOON = {"name": "Noon", "startTime": "11:00", "endTime": "14:00", "days": [1]}


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("categories", CATEGORY | {"locationId": NOWHERE}),
        ("categories", CATEGORY | {"locationId": ""}),
        ("mealtimes", NOON | {"locationId": NOWHERE}),
        ("items", {"name": "Tea", "slug": "tea", "price": 2, "categoryId": NOWHERE}),
    ],
)
async def test_what_is_named_must_be_there(
    client: Client, owner: Headers, path: str, body: dict[str, Any]
) -> None:
    answer = await client.post(f"/api/menu/{path}", json=body, headers=owner)
    assert answer.status_code in (400, 404, 409), answer.text
    assert answer.json()["code"]


@pytest.mark.usefixtures("house")
async def test_the_database_has_the_last_word_on_doubles(
    client: Client, books: Books, owner: Headers
) -> None:
    item = await add_porridge(client, books, owner)
    path = f"/api/menu/items/{item['id']}"
    moved = await client.patch(path, json={"locationId": NOWHERE}, headers=owner)
    assert (moved.status_code, moved.json()["code"]) == (409, "ReferenceBroken")
    two = [client.post("/api/menu/categories", json=CATEGORY, headers=owner) for _ in range(2)]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*two))
    assert codes == [201, 409]


@pytest.mark.parametrize(
    "image",
    ["https://evil.example/x.png", "//evil.example/x", "javascript:alert(1)", "data:,x", '/x"y'],
)
@pytest.mark.usefixtures("house")
async def test_a_picture_is_one_of_this_site(client: Client, owner: Headers, image: str) -> None:
    body = CATEGORY | {"image": image}
    answer = await client.post("/api/menu/categories", json=body, headers=owner)
    assert answer.status_code == 400
    own = CATEGORY | {"image": "/uploads/0a1b.webp"}
    assert (await client.post("/api/menu/categories", json=own, headers=owner)).status_code == 201


async def test_the_manager_of_one_house_changes_its_own_menu_only(
    client: Client, books: Books, house: Any, other_house: Any
) -> None:
    manager = await sign_in(books, Role.MANAGER, house.id)
    async with books.writing() as uow:
        ours, theirs, shared = [
            await add_dish(uow, house_id=house_id) for house_id in (house.id, other_house.id, None)
        ]
        category_id = await add_category(uow)

    async def status(method: str, path: str, **body: Any) -> int:
        answer = await client.request(method, f"/api/menu{path}", json=body, headers=manager)
        return answer.status_code

    assert await status("PATCH", f"/items/{ours}", price=3) == 200
    assert await status("PATCH", f"/items/{theirs}", price=3) == 403
    assert await status("PATCH", f"/items/{shared}", price=3) == 403
    assert await status("PATCH", f"/items/{ours}", locationId=other_house.id) == 403
    assert await status("PATCH", f"/items/{theirs}", locationId=house.id) == 403
    assert await status("PATCH", f"/items/{theirs}/availability", is86=True) == 403
    # What is in the pots is known in every kitchen.
    assert await status("PATCH", f"/items/{shared}/availability", is86=True) == 200
    assert await status("PATCH", f"/categories/{category_id}", name="Theirs") == 403
    assert await status("POST", "/categories", name="A", slug="a", locationId=other_house.id) == 403
    async with books.reading() as look:
        left = await menu.list_availability(look)
        book = await menu.load_menu(look, other_house.id)
    assert theirs not in left
    assert book.dishes[theirs].price_minor == 1_250


@pytest.mark.parametrize(
    "group",
    [
        {"displayType": "RADIO", "minSelect": 2, "maxSelect": 2},
        {"displayType": "CHECKBOX", "minSelect": 2, "maxSelect": 2},
    ],
)
async def test_a_choice_that_nobody_can_make_is_refused(
    client: Client, books: Books, owner: Headers, group: dict[str, Any]
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    options = [{"name": "Size", "values": [{"name": "Large"}], **group}]
    answer = await client.patch(
        f"/api/menu/items/{dish_id}", json={"options": options}, headers=owner
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "MenuRefused")


async def test_two_changes_at_once_put_no_category_under_itself(
    client: Client, books: Books, owner: Headers
) -> None:
    async with books.writing() as uow:
        # Ten moves: as many as PostgreSQL has connections for, so nobody is sent away.
        pairs = [(await add_category(uow), await add_category(uow)) for _ in range(5)]

    async def move(child: str, parent: str) -> int:
        answer = await client.patch(
            f"/api/menu/categories/{child}", json={"parentId": parent}, headers=owner
        )
        return answer.status_code

    moves = [move(*pair) for one, two in pairs for pair in ((one, two), (two, one))]
    answers = await asyncio.gather(*moves)
    assert sorted(answers) == [200] * 5 + [400] * 5
