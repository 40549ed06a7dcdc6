"""The API's doors to zones: drawn, priced, checked, and read from the house as it is kept."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations import House, ZoneDraft, add_zone, load_house
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.locations.zone_service import ZONES_MAX
from kitchenasty.staff.tests.builders import sign_in

AROUND = {
    "type": "Polygon",
    "coordinates": [[[13.3, 52.4], [13.5, 52.4], [13.5, 52.6], [13.3, 52.6], [13.3, 52.4]]],
}
PAIRS_LAT_LNG = [[52.4, 13.3], [52.4, 13.5], [52.6, 13.5], [52.6, 13.3]]
BERLIN = {"lat": 52.5, "lng": 13.4}


def path_of(house: House) -> str:
    return f"/api/locations/{house.id}/delivery-zones"


async def test_a_manager_draws_prices_and_switches_off_a_zone(
    client: httpx.AsyncClient, books: Books, house: House
) -> None:
    manager, owner = (
        await sign_in(books, Role.MANAGER, house.id),
        await sign_in(books, Role.SUPER_ADMIN),
    )
    path = path_of(house)
    drawn = {
        "name": "Mitte", "charge": 2.5, "minOrder": 15, "freeFrom": 40, "minutes": 25,
        "postalCodes": ["10115", "101 *"], "boundaries": PAIRS_LAT_LNG, "axisOrder": "lat_lng",
    }  # fmt: skip
    made = await client.post(path, json=drawn, headers=manager)
    assert made.status_code == 201, made.text
    zone = made.json()["data"]
    assert zone["boundaries"] == AROUND
    assert (zone["postalCodes"], zone["isUsed"], zone["rank"]) == (["10115", "101*"], True, 1)
    shown = (await client.get(path)).json()["data"]
    assert shown == [zone]
    whole = (await client.get(f"/api/locations/{house.id}")).json()["data"]
    assert (whole["deliveryZones"], whole["_count"]["deliveryZones"]) == ([zone], 1)
    change = {"charge": 3, "minOrder": None, "isActive": False}
    off = (await client.patch(f"{path}/{zone['id']}", json=change, headers=manager)).json()["data"]
    assert (off["charge"], off["minOrder"], off["boundaries"]) == (3, 0, AROUND)
    assert (await client.get(path)).json()["data"] == []
    assert (await client.get(path, headers=manager)).json()["data"] == [off]
    gone = f"{path}/{zone['id']}"
    assert (await client.delete(gone, headers=manager)).status_code == 403
    assert (await client.delete(gone, headers=owner)).status_code == 200
    assert (await client.delete(gone, headers=owner)).status_code == 404


async def test_the_stock_office_makes_a_zone_of_a_name_and_a_charge(
    client: httpx.AsyncClient, books: Books, house: House
) -> None:
    """It takes part in nothing until it says where it is; the house keeps its one fee."""
    manager = await sign_in(books, Role.MANAGER, house.id)
    made = await client.post(path_of(house), json={"name": "1", "charge": 3.99}, headers=manager)
    assert (made.status_code, made.json()["data"]["isUsed"]) == (201, False)
    async with books.reading() as look:
        assert not (await load_house(look, house.id)).has_zones


async def test_an_address_is_checked_by_its_code_or_its_place(
    client: httpx.AsyncClient, books: Books, house: House
) -> None:
    async with books.writing() as uow:
        await add_zone(uow, house.id, ZoneDraft(name="Near", codes="10115"))
        await add_zone(uow, house.id, ZoneDraft(name="Around", boundary=AROUND))
    path = f"{path_of(house)}/check"

    async def check(**where: Any) -> tuple[int, str]:
        answer = await client.get(path, params=where)
        told = answer.json()
        return answer.status_code, told.get("code") or told["data"]["name"]

    assert await check(postalCode="10115") == (200, "Near")
    assert await check(postalCode="10115", lat=0, lng=0) == (200, "Near")
    assert await check(**BERLIN) == (200, "Around")
    assert await check(lat=BERLIN["lng"], lng=BERLIN["lat"]) == (404, "NoZoneThere")
    assert await check(postalCode="99999") == (400, "WhereaboutsNeeded")
    assert await check(postalCode="99999", lat=52.5) == (400, "WhereaboutsNeeded")
    assert await check() == (400, "ZoneQuestion")
    assert (await check(lat=91, lng=0))[0] == 400
    assert (await check(lat="NaN", lng=0))[0] == 400


HOSTILE: dict[str, tuple[Any, str | None]] = {
    "a bow": ([[0, 0], [2, 2], [2, 0], [0, 2]], "lng_lat"),
    "a line": ([[0, 0], [1, 1], [2, 2]], "lng_lat"),
    "no order said": (PAIRS_LAT_LNG, None),
    "off the earth": ([[130, 10], [131, 10], [131, 11]], "lat_lng"),
    "an order for GeoJSON": (AROUND, "lat_lng"),
    "too many corners": ([[n / 3000, (n % 2) / 10] for n in range(2_500)], "lng_lat"),
    "too many together": (
        {"type": "MultiPolygon",
         "coordinates": [[[[n, 0], [n + 0.5, 0], [n, 0.5]] * 9] for n in range(150)]},
        None,
    ),
    "an endless number": ([[0, 0], [1, 10**300], [2, 0]], "lng_lat"),
    "a text": ("POLYGON((0 0, 1 1, 2 0))", None),
    "a number": (7, None),
    "nested": (None, None),
    "a collection within a collection": (
        {"type": "FeatureCollection", "features": [{"type": "FeatureCollection"}]}, None,
    ),
    "no polygon": ({"type": "Point", "coordinates": [13.4, 52.5]}, None),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_hostile_boundary_is_refused_in_words_and_nothing_is_kept(
    client: httpx.AsyncClient, books: Books, house: House, what: str
) -> None:
    manager = await sign_in(books, Role.MANAGER, house.id)
    boundary, order = HOSTILE[what]
    if what == "nested":
        boundary = {"type": "Polygon", "coordinates": []}
        inner = boundary["coordinates"]
        for _ in range(200):
            inner.append([])
            inner = inner[0]
    body = {"name": "Odd", "boundaries": boundary, "axisOrder": order}
    answer = await client.post(path_of(house), json=body, headers=manager)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, "AreaRefused"), answer.text
    assert len(told["error"]) > 20
    async with books.reading() as look:
        assert (await load_house(look, house.id)).zones == ()


async def test_what_is_no_json_is_no_boundary(
    client: httpx.AsyncClient, books: Books, house: House
) -> None:
    manager = await sign_in(books, Role.MANAGER, house.id)
    deep = "[" * 5_000 + "]" * 5_000
    for odd in ("[[0,NaN],[1,1],[2,0]]", "[[0,Infinity],[1,1],[2,0]]", deep):
        body = f'{{"name":"Odd","axisOrder":"lng_lat","boundaries":{odd}}}'
        headers = manager | {"content-type": "application/json"}
        answer = await client.post(path_of(house), content=body, headers=headers)
        assert answer.status_code == 400, odd[:40]


async def test_a_map_program_s_file_is_taken_as_it_is(books: Books, house: House) -> None:
    """geojson.io writes a collection of features with properties; the shapes are kept, no more."""
    far = [[[14.0, 52.0], [14.1, 52.0], [14.1, 52.1], [14.0, 52.0]]]
    shapes = [AROUND, {"type": "Polygon", "coordinates": far}]
    features = [
        {"type": "Feature", "properties": {"fill": "<script>"}, "geometry": one} for one in shapes
    ]
    async with books.writing() as uow:
        zone = await add_zone(
            uow,
            house.id,
            ZoneDraft(name="Two", boundary={"type": "FeatureCollection", "features": features}),
        )
    assert zone.area is not None
    kept = zone.area.to_geojson()
    assert kept["type"] == "MultiPolygon"
    assert b"script" not in msgspec.json.encode(kept)


async def test_zones_have_a_bound_and_belong_to_their_house(
    client: httpx.AsyncClient, books: Books, house: House
) -> None:
    async with books.writing() as uow:
        elsewhere = await add_house(uow)
        strange = await add_zone(uow, elsewhere.id, ZoneDraft(name="Strange"))
        for number in range(ZONES_MAX):
            await add_zone(uow, house.id, ZoneDraft(name=str(number)))
    manager = await sign_in(books, Role.MANAGER, house.id)
    full = await client.post(path_of(house), json={"name": "More"}, headers=manager)
    assert (full.status_code, full.json()["code"]) == (400, "ZoneRefused")
    wrong = await client.patch(f"{path_of(house)}/{strange.id}", json={}, headers=manager)
    assert wrong.status_code == 404
    theirs = await client.patch(f"{path_of(elsewhere)}/{strange.id}", json={}, headers=manager)
    assert (theirs.status_code, theirs.json()["code"]) == (403, "NotYourHouse")
