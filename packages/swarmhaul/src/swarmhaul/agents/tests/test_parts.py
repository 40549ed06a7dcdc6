"""A way is cut where strangers meet."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swarmhaul.agents import parts_of
from swarmhaul.agents.parts import APART_M_MIN, DETOUR_MAX, HUBS_MAX
from swarmhaul.agents.tests.builders import EAST, MIDDLE, WEST
from swarmhaul.matching import Place

places = st.builds(Place, st.floats(-80, 80), st.floats(-179.9, 179.9))


def town(around: Place) -> st.SearchStrategy[Place]:
    near = st.floats(-0.1, 0.1)
    return st.builds(
        lambda up, along: Place(around.latitude + up, around.longitude + along), near, near
    )


def test_a_hub_near_the_way_cuts_it() -> None:
    whole, first, second = sorted(parts_of(WEST, EAST, [MIDDLE]), key=lambda part: -part.metres)
    assert (whole.pickup.place, whole.dropoff.place) == (WEST, EAST)
    assert {first.pickup.place, second.pickup.place} == {WEST, MIDDLE}
    assert {first.dropoff.place, second.dropoff.place} == {MIDDLE, EAST}


def test_a_hub_off_the_way_does_not() -> None:
    far = Place(53.45, -6.26)
    cut = {part.dropoff.place for part in parts_of(WEST, EAST, [far])}
    assert far not in cut


def test_without_hubs_the_way_is_cut_at_shares_of_it() -> None:
    shares = {part.pickup.share for part in parts_of(WEST, EAST)}
    assert shares == {0.0, 1 / 3, 1 / 2, 2 / 3}


def test_a_short_way_stays_whole() -> None:
    assert len(parts_of(WEST, Place(53.351, -6.33))) == 1


@given(town(MIDDLE), town(MIDDLE), st.lists(town(MIDDLE), max_size=30))
def test_everybody_cuts_alike_and_no_two_stops_lie_together(
    origin: Place, destination: Place, hubs: list[Place]
) -> None:
    found = parts_of(origin, destination, hubs)
    assert found == parts_of(origin, destination, hubs[::-1])
    stops = sorted({stop for part in found for stop in (part.pickup, part.dropoff)},
                   key=lambda stop: stop.share)  # fmt: skip
    assert len(stops) <= max(HUBS_MAX, 3) + 2
    inner = stops[1:-1]
    for number, stop in enumerate(inner):
        others = [one for one in stops if one is not stop]
        assert all(stop.place.metres_to(one.place) >= APART_M_MIN for one in others), number
        length = origin.metres_to(stop.place) + stop.place.metres_to(destination)
        assert length <= DETOUR_MAX * origin.metres_to(destination) + 1


@given(places, places)
def test_cutting_works_anywhere_on_earth(origin: Place, destination: Place) -> None:
    for part in parts_of(origin, destination):
        assert part.pickup.place.is_on_earth()
        assert part.dropoff.place.is_on_earth()
        assert 0 <= part.pickup.share < part.dropoff.share <= 1
