"""The map under the zones, zones as files, and whether a house delivers to an address."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from basis.kit.pages.policy import CSP
from kitchenasty import locations, settings
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations import ZoneDraft

TILES: dict[str, settings.Value] = {
    "tileUrl": "https://tiles.example:8443/{z}/{x}/{y}.png?key={key}",
    "attribution": "© <b>Mappers</b>",
    "tileKey": "k1",
}


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
async def placed(books: Books, house: locations.House) -> locations.House:
    """A house on the map with three zones: by a code, drawn, and drawn but switched off."""
    zones = (
        ZoneDraft(name="Mitte", fee_minor=250, min_order_minor=1_500, minutes=25, codes="10115"),
        ZoneDraft(name="Around", fee_minor=400, boundary=square(13.3, 52.4, 0.2)),
        ZoneDraft(name="Beyond", fee_minor=900, boundary=square(13.5, 52.4, 0.2), is_active=False),
    )
    async with books.writing() as uow:
        place = {"latitude": 52.5, "longitude": 13.4}
        await locations.change_house(uow, house.id, place)
        for draft in zones:
            await locations.add_zone(uow, house.id, draft)
        return await locations.load_house(uow, house.id)


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, placed: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(placed.id,))
    await sign_in(client, "m@bistro.example")
    return client


async def save(books: Books, given: dict[str, settings.Value]) -> None:
    async with books.writing() as uow:
        await settings.change(uow, locations.MAPS, given)


async def test_only_pages_with_a_map_may_fetch_tiles_and_only_from_the_named_server(
    manager: httpx.AsyncClient, books: Books, placed: locations.House
) -> None:
    maps = [f"/admin/zones/{placed.id}/{last}" for last in ("new", "check", placed.zones[1].id)]
    for path in maps:
        answer = await manager.get(path)
        assert answer.headers["content-security-policy"] == CSP
        assert "data-tiles" not in answer.text
    await save(books, TILES)
    wanted = CSP.replace("img-src 'self' data:", "img-src 'self' data: https://tiles.example:8443")
    assert wanted != CSP
    for path in maps:
        answer = await manager.get(path)
        assert answer.headers["content-security-policy"] == wanted
        assert 'data-tiles="https://tiles.example:8443/{z}/{x}/{y}.png?key=k1"' in answer.text
        assert "© &lt;b&gt;Mappers&lt;/b&gt;" in answer.text
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    for path in ("/admin/zones", "/admin", "/"):
        answer = await manager.get(path)
        assert answer.headers["content-security-policy"] == CSP
        assert answer.headers["referrer-policy"] == "same-origin"
    await save(books, {"tileUrl": ""})
    assert (await manager.get(maps[0])).headers["content-security-policy"] == CSP


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"tileUrl": "http://tiles.example/{z}/{x}/{y}"}, "tileUrl"),
        ({"tileUrl": "https://u:p@tiles.example/{z}/{x}/{y}"}, "tileUrl"),
        ({"tileUrl": "https://tiles.example; script-src */{z}/{x}/{y}"}, "tileUrl"),
        ({"tileUrl": "https://*.example/{z}/{x}/{y}"}, "tileUrl"),
        ({"tileUrl": "https://{x}.tiles.example/{z}/{x}/{y}"}, "tileUrl"),
        ({"tileUrl": "https://tiles.example/{z}/{x}.png"}, "tileUrl"),
        ({"tileUrl": "https://tiles.example/{z}/{x}/{y}/{y}"}, "tileUrl"),
        ({"tileUrl": "https://tiles.example/{z}/{x}/{y}?{s}"}, "tileUrl"),
        ({"tileUrl": "https://tiles.example/{z}/{x}/{y}"}, "tileUrl"),
        ({"attribution": ""}, "attribution"),
        ({"tileKey": "two words"}, "tileKey"),
        ({"tileUrl": "https://other.example/{z}/{x}/{y}?{key}"}, "tileKey"),
    ],
)
async def test_a_map_service_that_could_not_work_is_refused_at_its_field(
    books: Books, given: dict[str, settings.Value], field: str
) -> None:
    await save(books, TILES)
    with pytest.raises(settings.SettingRefused) as refused:
        await save(books, given)
    assert list(refused.value.problems) == [field]
    async with books.reading() as look:
        tiles = await locations.load_tiles(look)
    assert tiles is not None
    assert tiles.origin == "https://tiles.example:8443"


async def check(client: httpx.AsyncClient, house: locations.House, **asked: str) -> str:
    answer = await client.get(f"/admin/zones/{house.id}/check", params=asked)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<h1")[2]).split())


async def test_an_address_is_answered_with_its_zone_fee_and_smallest_order(
    manager: httpx.AsyncClient, placed: locations.House
) -> None:
    by_code = await check(manager, placed, postalCode="10 115", place="52.5, 13.4")
    for words in (
        "Zone 1: Mitte", "postal code is in the list", "€2.50", "€15.00", "25 min",
        "Zone 2, Around, holds this address too. A postal code that is listed decides",
        "0 km from the house",
    ):  # fmt: skip
        assert words in by_code
    by_place = await check(manager, placed, place="52.55 13.45")
    assert "Zone 2: Around" in by_place
    assert "within the boundary" in by_place
    assert "€4.00" in by_place
    assert "6.5 km from the house" in by_place


async def test_an_address_without_delivery_is_answered_with_the_reason(
    manager: httpx.AsyncClient, books: Books, placed: locations.House
) -> None:
    outside = await check(manager, placed, place="52.55, 13.6")
    assert "No delivery" in outside
    assert "outside the area" in outside
    assert "Zone 3, Beyond, holds this address too. It is switched off." in outside
    unknown = await check(manager, placed, postalCode="99999")
    assert "From the postal code 99999 alone we cannot tell" in unknown
    unreadable = await manager.get(f"/admin/zones/{placed.id}/check", params={"place": "here"})
    assert unreadable.status_code == 400
    assert "two numbers" in unreadable.text
    async with books.writing() as uow:
        await locations.change_house(uow, placed.id, {"delivery_enabled": False})
        for zone in placed.zones:
            await locations.change_zone(uow, placed.id, zone.id, {"is_active": False})
    everywhere = await check(manager, placed, place="10, 10")
    assert "No zones are in use" in everywhere
    assert "does not deliver at the moment" in everywhere


async def test_a_zone_goes_out_as_a_file_and_comes_back_the_same(
    manager: httpx.AsyncClient, books: Books, placed: locations.House
) -> None:
    drawn = placed.zones[1]
    sent = await manager.get(f"/admin/zones/{placed.id}/{drawn.id}/boundary.geojson")
    assert sent.headers["content-type"].startswith("application/geo+json")
    assert sent.headers["content-disposition"].endswith('-zone-2.geojson"')
    every = (await manager.get(f"/admin/zones/{placed.id}/zones.geojson")).json()
    assert [one["properties"]["name"] for one in every["features"]] == ["Around", "Beyond"]
    missing = await manager.get(f"/admin/zones/{placed.id}/{placed.zones[0].id}/boundary.geojson")
    assert missing.status_code == 409
    form = {"name": "Copy", "charge": "3", "isActive": "on"}
    read = await manager.post(
        f"/admin/zones/{placed.id}/new/file",
        data=form,
        files={"file": ("zone.geojson", b"\xef\xbb\xbf" + sent.content)},
        headers=OWN,
    )
    assert read.status_code == 200, read.text
    assert 'value="Copy"' in read.text
    [text] = re.findall(r'id="field-boundary"[^>]*>([^<]*)<', read.text)
    assert len(placed.zones) == 3
    boundary = text.replace("&#34;", '"')
    saved = await manager.post(
        f"/admin/zones/{placed.id}/new", data=form | {"boundary": boundary}, headers=OWN
    )
    assert saved.status_code == 303, saved.text
    async with books.reading() as look:
        copy = (await locations.load_house(look, placed.id)).zones[-1]
    assert copy.area is not None
    assert drawn.area is not None
    assert copy.area.geometry.equals(drawn.area.geometry)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "choose a file"),
        (b"\xff\xd8\xff\xe0", "no file of text"),
        (b"{" * 500_000, "too long"),
        (b"<kml/>", "not written as GeoJSON"),
        (b'{"type":"Point","coordinates":[1,2]}', "Polygon or MultiPolygon"),
    ],
)
async def test_a_file_that_is_no_boundary_is_refused_with_what_was_typed(
    manager: httpx.AsyncClient, placed: locations.House, content: bytes, sentence: str
) -> None:
    answer = await manager.post(
        f"/admin/zones/{placed.id}/new/file",
        data={"name": "Typed before"},
        files={"file": ("zone.geojson", content)},
        headers=OWN,
    )
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="Typed before"' in answer.text
