"""U1: whatever is sent through any door for pictures, nothing but clean pictures is ever served."""

from __future__ import annotations

import io
import re
from pathlib import Path

import httpx
import pytest
from PIL import Image

from basis.kit.data.paging import Page
from kitchenasty import media
from kitchenasty.dashboard.tests.builders import OWN, PASSWORD, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import Role
from kitchenasty.locations import House
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.tests.hostile_pictures import CANARY, NAMES, POLYGLOTS, REFUSED, drawn, truncated

Client = httpx.AsyncClient
KEPT = re.compile(r"[0-9a-f]{32}(-\d+x\d+(-\d+)?\.webp|-icon-\d+\.png)")


@pytest.fixture
async def owner(client: Client, books: Books) -> dict[str, str]:
    """Signed in at both kinds of doors."""
    await add_staff(books, "owner@bistro.example", role=Role.SUPER_ADMIN)
    login = {"email": "owner@bistro.example", "password": PASSWORD}
    answer = await client.post("/api/auth/staff/login", json=login)
    await sign_in(client, "owner@bistro.example")
    return {
        "authorization": f"Bearer {answer.json()['data']['token']}",
        "accept": "application/json",
    }


@pytest.fixture
async def doors_for_pictures(books: Books, house: House) -> list[tuple[str, str]]:
    """Every door that takes a picture, and the name of its field."""
    async with books.writing() as uow:
        dish = await add_dish(uow)
    return [
        ("/api/media/upload", "file"),
        ("/api/settings/logo", "logo"),
        ("/api/settings/favicon", "favicon"),
        (f"/api/menu/items/{dish}/image", "image"),
        ("/admin/site/pictures", "files"),
        ("/admin/site/branding", "logo"),
        ("/admin/site/front", "picture"),
        ("/admin/site/gallery", "file"),
        (f"/admin/houses/{house.id}/picture", "image"),
    ]


async def send(
    client: Client, owner: dict[str, str], door: tuple[str, str], content: bytes, name: str
) -> httpx.Response:
    path, field = door
    sent = {field: (name, content, "image/png")}
    data = {"alt": "A room"} if path.endswith("gallery") else {}
    headers = owner if path.startswith("/api/") else OWN | {"accept": "application/json"}
    return await client.post(path, files=sent, data=data, headers=headers)


def files_in(config: Config) -> list[Path]:
    return sorted(path for path in config.data_dir.rglob("*") if path.is_file())


async def test_no_door_keeps_what_is_no_picture(
    client: Client,
    owner: dict[str, str],
    config: Config,
    doors_for_pictures: list[tuple[str, str]],
) -> None:
    """Every hostile file through every door, and those cut short through the first."""
    before = [path for path in files_in(config) if path.parent.name == "uploads"]
    wrong, tried = [], 0
    for door in doors_for_pictures:
        for what, content in REFUSED.items():
            answer = await send(client, owner, door, content, "x.png")
            tried += 1
            # A form without a file saves its words; there is nothing in it to be refused.
            is_left_out = not content and door[0] in ("/admin/site/branding", "/admin/site/front")
            if answer.status_code != 400 and not is_left_out:
                wrong.append(f"{door[0]}: {what}: {answer.status_code}")
    after = [path for path in files_in(config) if path.parent.name == "uploads"]
    assert after == before
    # Cut behind its last pixel, a picture is whole; whatever else is cut must be refused.
    for what, content in truncated():
        answer = await send(client, owner, doors_for_pictures[0], content, "x.png")
        tried += 1
        if answer.status_code not in (200, 201, 400):
            wrong.append(f"{what}: {answer.status_code}")
    print(f"U1: {tried} hostile files through {len(doors_for_pictures)} doors, {len(wrong)} kept")
    assert wrong == []


async def test_of_a_polyglot_only_the_picture_is_left(
    client: Client,
    owner: dict[str, str],
    config: Config,
    doors_for_pictures: list[tuple[str, str]],
) -> None:
    """Under whatever name it came, it is kept under ours, made anew, and served without trust."""
    tried = 0
    for door in doors_for_pictures:
        for what, content in POLYGLOTS.items():
            answer = await send(client, owner, door, content, "shell.php")
            assert answer.status_code in (200, 201, 303), f"{door[0]}: {what}: {answer.text}"
            tried += 1
    kept = [path for path in files_in(config) if path.parent.name == "uploads"]
    assert kept
    for path in kept:
        assert KEPT.fullmatch(path.name), path
        found = path.read_bytes()
        assert CANARY not in found, path
        assert b"canary" not in found, path
        assert b"META-INF" not in found, path
        shown = await client.get(f"/uploads/{path.name}")
        assert shown.headers["content-type"] in ("image/webp", "image/png")
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in shown.headers["content-security-policy"]
        assert Image.open(io.BytesIO(shown.content)).format in ("WEBP", "PNG")
    print(f"U1: {tried} polyglots taken, {len(kept)} files kept, 0 with anything but a picture")


async def test_no_name_leads_out_of_the_folder(
    client: Client, owner: dict[str, str], config: Config
) -> None:
    outside = {path for path in files_in(config) if path.parent.name != "uploads"}
    for name in NAMES:
        answer = await send(client, owner, ("/api/media/upload", "file"), drawn("PNG"), name)
        # Without a name it is no file; otherwise it is kept, and its name is only words.
        assert answer.status_code in (201, 400), name[:40]
        if answer.status_code == 201:
            told = answer.json()["data"]
            assert re.fullmatch(r"/uploads/[0-9a-f]{32}-60x60\.webp", told["url"])
            assert "/" not in told["originalName"].replace("</script>", "")
            assert len(told["originalName"]) <= 200
    assert {path for path in files_in(config) if path.parent.name != "uploads"} == outside


async def test_a_picture_in_use_is_not_removed_and_the_places_are_told(
    client: Client, owner: dict[str, str], books: Books
) -> None:
    sent = {"file": ("room.jpg", drawn("JPEG"), "image/jpeg")}
    asset = (await client.post("/api/media/upload", files=sent, headers=owner)).json()["data"]
    hung = {"url": asset["url"], "alt": "Our room", "category": "INTERIOR"}
    hung = (await client.post("/api/gallery", json=hung, headers=owner)).json()["data"]
    async with books.writing() as uow:
        await add_dish(uow, image=asset["url"], name="Pie")
    refused = await client.delete(f"/api/media/{asset['id']}", headers=owner)
    assert (refused.status_code, refused.json()["code"]) == (409, "PictureInUse")
    assert "Pie" in refused.json()["error"]
    assert "Our room" in refused.json()["error"]
    assert (await client.get(asset["url"])).status_code == 200
    page = (await client.get("/admin/site/pictures")).text
    assert "Shown:" in page


async def test_a_picture_that_is_shown_nowhere_goes_with_its_files(
    client: Client, owner: dict[str, str], config: Config
) -> None:
    sent = {"file": ("wide.jpg", drawn("JPEG", 600), "image/jpeg")}
    asset = (await client.post("/api/media/upload", files=sent, headers=owner)).json()["data"]
    assert asset["originalName"] == "wide.jpg"
    assert asset["uploadedBy"]["name"] == "Rosa Vidal"
    removed = await client.delete(f"/api/media/{asset['id']}", headers=owner)
    assert removed.status_code == 200
    assert [path for path in files_in(config) if path.parent.name == "uploads"] == []
    listed = (await client.get("/api/media", headers=owner)).json()
    assert (listed["data"], listed["pagination"]["limit"]) == ([], 50)


async def test_the_library_is_searched_and_described(
    client: Client, owner: dict[str, str], books: Books
) -> None:
    for name in ("terrace_at_noon.jpg", "kitchen.jpg"):
        content = drawn("JPEG", 60 + len(name))
        await client.post("/api/media/upload", files={"file": (name, content)}, headers=owner)
    for words, found in (("TERRACE", 1), ("_at_", 1), ("%", 0), ("jpg", 2)):
        page = await client.get("/admin/site/pictures", params={"q": words})
        assert page.text.count("picture-card") == found, words
    async with books.reading() as look:
        assets, _ = await media.list_assets(look, Page(), words="kitchen")
    await client.post(
        f"/admin/site/pictures/{assets[0].id}", data={"alt": "Our stove"}, headers=OWN
    )
    assert "Our stove" in (await client.get("/admin/site/pictures", params={"q": "stove"})).text


async def test_the_same_picture_twice_is_one(client: Client, owner: dict[str, str]) -> None:
    sent = {"file": ("a.png", drawn_flat(), "image/png")}
    first, second = [
        (await client.post("/api/media/upload", files=sent, headers=owner)).json()["data"]["id"]
        for _ in range(2)
    ]
    assert first == second


def drawn_flat() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (30, 30), "teal").save(kept, "PNG")
    return kept.getvalue()
