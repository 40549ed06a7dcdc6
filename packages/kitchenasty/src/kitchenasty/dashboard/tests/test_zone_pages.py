"""The office's pages of zones: typed, drawn, saved, or refused with what was typed."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.dashboard.zones.drawing import HEIGHT, WIDTH, draw
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house

AROUND = '{"type":"Polygon","coordinates":[[[13.3,52.4],[13.5,52.4],[13.5,52.6],[13.3,52.4]]]}'
MITTE = {
    "name": "Mitte", "charge": "2,50", "minOrder": "15", "freeFrom": "", "minutes": "25",
    "rank": "", "codes": "10115 10117; 101*", "boundary": AROUND, "axis": "", "isActive": "on",
}  # fmt: skip


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    return client


async def save(
    client: httpx.AsyncClient, house: locations.House, zone_id: str = "new", **fields: str
) -> httpx.Response:
    path = f"/admin/zones/{house.id}/{zone_id}"
    return await client.post(path, data={**MITTE, **fields}, headers=OWN)


async def zones_of(books: Books, house: locations.House) -> tuple[locations.Zone, ...]:
    async with books.reading() as look:
        return (await locations.load_house(look, house.id)).zones


async def test_a_zone_is_saved_shown_and_changed(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    assert "No zones are in use" in (await manager.get("/admin/zones")).text
    saved = await save(manager, house)
    assert saved.status_code == 303, saved.text
    [zone] = await zones_of(books, house)
    assert (zone.fee_minor, zone.min_order_minor, zone.free_from_minor) == (250, 1_500, None)
    assert (zone.minutes, zone.postal_codes) == (25, ("10115", "10117", "101*"))
    listed = (await manager.get(saved.headers["location"])).text
    assert "€2.50" in listed
    assert "10115, 10117, 101*" in listed
    assert "<path d=" in listed
    form = (await manager.get(f"/admin/zones/{house.id}/{zone.id}")).text
    assert 'value="2.50"' in form
    again = await save(manager, house, zone.id, charge="", codes="", isActive="")
    assert again.status_code == 303
    [changed] = await zones_of(books, house)
    assert (changed.fee_minor, changed.postal_codes, changed.is_active) == (0, (), False)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("boundary", '{"type":"Polygon"', "not written as GeoJSON"),
        ("boundary", "[[0,NaN],[1,1],[2,0]]", "not written as GeoJSON"),
        ("boundary", "[" * 3_000, "not written as GeoJSON"),
        ("boundary", "[[0,0],[2,2],[2,0],[0,2]]", "both look alike"),
        ("boundary", '{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2]]]}', "crosses"),
        ("codes", "10115-10117", "no postal code"),
        ("charge", "much", "a number like 10 or 12.50"),
        ("charge", "-1", "between 0 and"),
        ("charge", "1.005", "is not an amount"),
        ("minutes", "soon", "a whole number"),
        ("minutes", "99999", "a whole number"),
        ("rank", "0", "between 1 and"),
        ("name", "", "give the zone a name"),
    ],
)
async def test_what_does_not_fit_is_refused_and_what_was_typed_stays(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    field: str,
    typed: str,
    sentence: str,
) -> None:
    answer = await save(manager, house, **{"minOrder": "77", field: typed})
    assert answer.status_code == 400, answer.text
    assert sentence in answer.text
    assert 'value="77"' in answer.text
    assert await zones_of(books, house) == ()


async def test_a_drawing_is_shown_without_saving(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    shown = await save(manager, house, look="yes")
    assert shown.status_code == 200
    assert "<path d=" in shown.text
    assert await zones_of(books, house) == ()


async def test_nobody_draws_for_another_house_and_only_the_owner_takes_away(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        elsewhere = await add_house(uow)
        zone = await locations.add_zone(uow, house.id, locations.ZoneDraft(name="Near"))
    assert (await save(manager, elsewhere)).status_code == 403
    assert (await save(manager, elsewhere, look="yes")).status_code == 403
    assert (await manager.get(f"/admin/zones/{elsewhere.id}/new")).status_code == 403
    remove = f"/admin/zones/{house.id}/{zone.id}/remove"
    assert (await manager.post(remove, headers=OWN)).status_code == 403
    await add_staff(books, "o@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(manager, "o@bistro.example")
    assert (await manager.post(remove, headers=OWN)).status_code == 303
    assert await zones_of(books, house) == ()


def test_a_drawing_keeps_its_shape_and_stays_inside_with_north_up(house: locations.House) -> None:
    box = locations.read_area([[10, 60], [12, 60], [12, 61], [10, 61]], locations.AxisOrder.LNG_LAT)
    drawing = draw(house, [(7, locations.Zone(id="a", name="a", rank=1, area=box))])
    assert drawing is not None
    [outline] = drawing.outlines
    numbers = [float(one) for one in outline.path.replace("M", "").replace("L", "")[:-1].split()]
    xs, ys = numbers[::2], numbers[1::2]
    assert 0 <= min(xs) <= max(xs) <= WIDTH
    assert 0 <= min(ys) <= max(ys) <= HEIGHT
    # At 60 degrees two degrees of longitude are as long as one of latitude.
    assert max(xs) - min(xs) == pytest.approx(max(ys) - min(ys), rel=0.05)
    assert ys[0] == max(ys), "the south is at the bottom"
    assert min(xs) < outline.x < max(xs)
    assert draw(house, []) is None
