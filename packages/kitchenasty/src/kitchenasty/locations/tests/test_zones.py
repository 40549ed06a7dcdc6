"""Areas on the map: no guessing of axes, no gap, no way around."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitchenasty.locations.zones import (
    Area,
    AreaRefused,
    AxisOrder,
    CoordinatesNeeded,
    OutsideZones,
    Place,
    Zone,
    distance_m,
    find_zone,
    read_area,
)

CITY_HALL = Place(latitude=40.7, longitude=-74.0)
SQUARE_LNG_LAT = [[-74.1, 40.6], [-73.9, 40.6], [-73.9, 40.8], [-74.1, 40.8]]
SQUARE_LAT_LNG = [[lat, lng] for lng, lat in SQUARE_LNG_LAT]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def zone(key: str, area: Area, *, rank: int = 0) -> Zone:
    return Zone(id=key, name=key, rank=rank, area=area)


@pytest.mark.parametrize(
    ("boundary", "order"),
    [
        (SQUARE_LNG_LAT, AxisOrder.LNG_LAT),
        (SQUARE_LAT_LNG, AxisOrder.LAT_LNG),
        (polygon([*SQUARE_LNG_LAT, SQUARE_LNG_LAT[0]]), None),
        ({"type": "Feature", "geometry": polygon(SQUARE_LNG_LAT)}, None),
        ({"type": "MultiPolygon", "coordinates": [[box(7, 50, 8, 51)], [SQUARE_LNG_LAT]]}, None),
    ],
    ids=["pairs, longitude first", "pairs, latitude first", "polygon", "feature", "two polygons"],
)
def test_a_square_around_the_house_holds_the_house(boundary: Any, order: AxisOrder | None) -> None:
    area = read_area(boundary, order)
    assert area.contains(CITY_HALL)
    assert not area.contains(Place(latitude=-74.0, longitude=40.7))
    assert read_area(area.to_geojson()).contains(CITY_HALL)


def test_pairs_in_the_wrong_order_hold_another_place_and_are_refused_off_the_earth() -> None:
    swapped = read_area(SQUARE_LAT_LNG, AxisOrder.LNG_LAT)
    assert not swapped.contains(CITY_HALL)
    with pytest.raises(AreaRefused, match="not on earth"):
        read_area([[130.0, 10.0], [131.0, 10.0], [131.0, 11.0]], AxisOrder.LAT_LNG)


@pytest.mark.parametrize(
    ("boundary", "order", "why"),
    [
        (SQUARE_LNG_LAT, None, "both look alike"),
        (polygon(SQUARE_LNG_LAT), AxisOrder.LAT_LNG, "longitude first"),
        ({"type": "Point", "coordinates": [1, 2]}, None, "Polygon"),
        ({"type": "Polygon"}, None, "missing"),
        (polygon([[0, 0], [1, 1]]), None, "three different corners"),
        (polygon([[0, 0], [2, 2], [2, 0], [0, 2]]), None, "crosses itself"),
        (polygon([[0, 0], [1, 1], [2, 2]]), None, "crosses itself|encloses nothing"),
        (polygon([[170, 0], [-170, 0], [-170, 5]]), None, "date line"),
        (polygon([[0, 0], [1, float("nan")], [2, 0]]), None, "pair of numbers"),
        (polygon([[0, 0], [1, 10**400], [2, 0]]), None, "pair of numbers"),
        (polygon([[0, 0], [True, 1], [2, 0]]), None, "pair of numbers"),
        (polygon([[0, 0], "12", [2, 0]]), None, "pair of numbers"),  # type: ignore[list-item]
        (polygon([[float(n), 0.0] for n in range(2_001)]), None, "too many"),
        ("0,0 1,1 2,0", AxisOrder.LNG_LAT, "missing"),
        (None, AxisOrder.LNG_LAT, "missing"),
    ],
)
def test_refuses_what_is_no_area(boundary: Any, order: AxisOrder | None, why: str) -> None:
    with pytest.raises(AreaRefused, match=why):
        read_area(boundary, order)


def test_a_hole_is_not_delivered_to_and_the_border_is() -> None:
    lake = read_area(polygon(box(0, 0, 10, 10), box(4, 4, 6, 6)))
    assert lake.contains(Place(latitude=1, longitude=1))
    assert not lake.contains(Place(latitude=5, longitude=5))
    assert lake.contains(Place(latitude=0, longitude=5))


def test_of_two_zones_that_overlap_the_first_by_rank_holds_whatever_their_order() -> None:
    near = zone("near", read_area(polygon(box(0, 0, 4, 4))), rank=1)
    far = zone("far", read_area(polygon(box(0, 0, 9, 9))), rank=2)
    for zones in ([near, far], [far, near]):
        assert find_zone(zones, Place(latitude=2, longitude=2)) is near
        assert find_zone(zones, Place(latitude=8, longitude=8)) is far


def test_leaving_the_coordinates_out_leads_to_no_zone() -> None:
    zones = [zone("all", read_area(polygon(box(0, 0, 9, 9))))]
    with pytest.raises(CoordinatesNeeded):
        find_zone(zones, None)
    with pytest.raises(OutsideZones):
        find_zone(zones, Place(latitude=10, longitude=10))


degrees = st.floats(-5, 15, allow_nan=False)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(latitude=degrees, longitude=degrees)
def test_two_zones_side_by_side_leave_no_gap(latitude: float, longitude: float) -> None:
    west = zone("west", read_area(polygon(box(0, 0, 5, 10))))
    east = zone("east", read_area(polygon(box(5, 0, 10, 10))))
    place = Place(latitude=latitude, longitude=longitude)
    if 0 <= latitude <= 10 and 0 <= longitude <= 10:
        # On their common border it is the first by id, whichever is asked first.
        assert find_zone([west, east], place).id == ("west" if longitude < 5 else "east")
        return
    with pytest.raises(OutsideZones):
        find_zone([east, west], place)


def test_distances_are_those_of_the_map() -> None:
    berlin, hamburg = Place(52.5200, 13.4050), Place(53.5511, 9.9937)
    assert distance_m(berlin, berlin) == 0
    assert distance_m(berlin, hamburg) == distance_m(hamburg, berlin)
    assert 254_500 <= distance_m(berlin, hamburg) <= 256_500
    half_round = distance_m(Place(0, 0), Place(0, 180))
    assert abs(half_round - 20_015_114) <= 1
