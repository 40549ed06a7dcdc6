"""Areas on the map: no guessing of axes, no gap, no way around."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitchenasty.locations.areas import (
    Area,
    AreaRefused,
    AxisOrder,
    Place,
    distance_m,
    read_area,
)
from kitchenasty.locations.zones import (
    OutsideZones,
    PostalCodeRefused,
    Whereabouts,
    WhereaboutsNeeded,
    Zone,
    find_zone,
    read_codes,
)

CITY_HALL = Place(latitude=40.7, longitude=-74.0)
SQUARE_LNG_LAT = [[-74.1, 40.6], [-73.9, 40.6], [-73.9, 40.8], [-74.1, 40.8]]
SQUARE_LAT_LNG = [[lat, lng] for lng, lat in SQUARE_LNG_LAT]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def zone(key: str, area: Area | None, *, rank: int = 0, codes: str = "") -> Zone:
    return Zone(id=key, name=key, rank=rank, area=area, postal_codes=read_codes(codes))


def at(latitude: float, longitude: float, code: str = "") -> Whereabouts:
    return Whereabouts(code, Place(latitude=latitude, longitude=longitude))


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
        assert find_zone(zones, at(2, 2)) is near
        assert find_zone(zones, at(8, 8)) is far


def test_leaving_the_coordinates_out_leads_to_no_zone() -> None:
    zones = [zone("all", read_area(polygon(box(0, 0, 9, 9))))]
    with pytest.raises(WhereaboutsNeeded, match="tell us your postal code"):
        find_zone(zones, Whereabouts())
    with pytest.raises(WhereaboutsNeeded, match="10115 alone"):
        find_zone(zones, Whereabouts("10115"))
    with pytest.raises(OutsideZones):
        find_zone(zones, at(10, 10))


def test_a_postal_code_leads_to_its_zone_however_it_is_typed() -> None:
    near = zone("near", None, rank=1, codes="D08 X2Y7, D8W*\n10115 10117")
    far = zone("far", None, rank=2, codes="D*")
    for typed, expected in {
        "d08x2y7": near, "D08-X2Y7 ": near, "D8W 9": near, "10117": near, "D08 X2Y8": far,
    }.items():  # fmt: skip
        assert find_zone([far, near], Whereabouts(typed)) is expected, typed
    for typed in ("10119", "101", "X D8W"):
        with pytest.raises(OutsideZones):
            find_zone([far, near], Whereabouts(typed))


degrees_around = st.floats(-1, 11, allow_nan=False)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    codes=st.lists(st.sampled_from(["", "1", "2", "1,2", "1*", "9*"]), min_size=1, max_size=4),
    boxes=st.lists(st.tuples(degrees_around, degrees_around), min_size=4, max_size=4),
    code=st.sampled_from(["1", "2", "3", "12"]),
    latitude=degrees_around,
    longitude=degrees_around,
)
def test_coordinates_left_out_or_made_up_never_lead_to_another_zone_of_a_listed_code(
    codes: list[str],
    boxes: list[tuple[float, float]],
    code: str,
    latitude: float,
    longitude: float,
) -> None:
    areas = [read_area(polygon(box(west, south, west + 2, south + 2))) for west, south in boxes]
    zones = [
        zone(str(n), areas[n] if n % 2 else None, rank=n, codes=text)
        for n, text in enumerate(codes)
    ]
    try:
        told = find_zone(zones, Whereabouts(code))
    except (WhereaboutsNeeded, OutsideZones):
        # Not listed: whoever leaves the place out gets nothing at all.
        return
    assert find_zone(zones, at(latitude, longitude, code)) is told


def test_a_zone_that_is_off_or_says_nowhere_where_it_is_takes_part_in_nothing() -> None:
    idle = [
        Zone(id="a", name="a", rank=1),
        Zone(id="b", name="b", rank=2, postal_codes=("10115",), is_active=False),
    ]
    assert not any(one.is_used for one in idle)
    with pytest.raises(OutsideZones):
        find_zone(idle, Whereabouts("10115"))


@pytest.mark.parametrize(
    "odd", ["10115-10119", "10115 – 10119", "*", "**", "1*1", "Berlin, Mitte", "x" * 13, "Ü1", "’"]
)
def test_what_is_no_postal_code_is_refused(odd: str) -> None:
    with pytest.raises(PostalCodeRefused, match="no postal code"):
        read_codes(f"10115, {odd}")
    with pytest.raises(PostalCodeRefused, match="up to 1000"):
        read_codes("\n".join(str(10_000 + n) for n in range(1_001)))


def test_codes_are_kept_once_each_in_the_order_in_which_they_were_typed() -> None:
    assert read_codes(" 10117;10115, 10117\n\n114 55 , 00-950,101 * ") == (
        "10117", "10115", "11455", "00950", "101*",
    )  # fmt: skip
    assert read_codes(" , ;\n") == ()


degrees = st.floats(-5, 15, allow_nan=False)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(latitude=degrees, longitude=degrees)
def test_two_zones_side_by_side_leave_no_gap(latitude: float, longitude: float) -> None:
    west = zone("west", read_area(polygon(box(0, 0, 5, 10))))
    east = zone("east", read_area(polygon(box(5, 0, 10, 10))))
    place = at(latitude, longitude)
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
