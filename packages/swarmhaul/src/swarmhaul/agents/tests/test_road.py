"""One courier is at one place, and rides with one load."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmhaul.agents.road import Pace, Ride, Road, can_make
from swarmhaul.agents.tests.builders import EAST, MIDDLE, NOON, WEST
from swarmhaul.matching import Place

PACE = Pace(18.0)
ACROSS = PACE.seconds(WEST, EAST)


def ride(start: Place, end: Place, *, ready: float = 0, by: float) -> Ride:
    return Ride(pickup=start, dropoff=end, ready_at=NOON + ready, arrives_by=NOON + by)


def test_on_the_way_a_courier_is_between_the_ends() -> None:
    road = Road(PACE, WEST, WEST)
    there = road.head_for(EAST, NOON)
    assert there == NOON + ACROSS
    assert road.at(NOON) == WEST
    assert road.at(NOON + ACROSS / 2).metres_to(MIDDLE) < 1
    assert road.at(there + 1) == EAST


def test_who_goes_on_going_there_is_there_at_the_same_time() -> None:
    road = Road(PACE, WEST, WEST)
    there = road.head_for(EAST, NOON)
    assert road.head_for(EAST, NOON + 300) == there


def test_who_turns_round_goes_on_from_where_it_is() -> None:
    road = Road(PACE, WEST, WEST)
    road.head_for(EAST, NOON)
    back = road.head_for(WEST, NOON + ACROSS / 4)
    assert back == pytest.approx(NOON + ACROSS / 2, abs=1)


def test_a_quick_time_shortens_every_ride() -> None:
    assert Pace(18.0, speed=60).seconds(WEST, EAST) == pytest.approx(ACROSS / 60)


def test_a_load_is_not_promised_beside_another_at_the_same_time() -> None:
    one = ride(WEST, EAST, by=ACROSS + 60)
    other = ride(EAST, WEST, by=ACROSS + 60)
    assert can_make(PACE, [one], at=WEST, now=NOON)
    assert can_make(PACE, [other], at=EAST, now=NOON)
    assert not can_make(PACE, [one, other], at=WEST, now=NOON)


def test_what_comes_after_another_is_promised() -> None:
    one = ride(WEST, EAST, by=ACROSS + 60)
    later = ride(EAST, WEST, ready=ACROSS, by=2 * ACROSS + 60)
    assert can_make(PACE, [later, one], at=WEST, now=NOON)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9_000), st.integers(0, 9_000)), max_size=6))
def test_who_can_make_more_can_make_less(drawn: list[tuple[bool, int, int]]) -> None:
    rides = [
        ride(WEST if east else EAST, EAST if east else WEST, ready=ready, by=ready + lasts)
        for east, ready, lasts in drawn
    ]
    if can_make(PACE, rides, at=MIDDLE, now=NOON):
        # Whatever is left out, the others are made no later.
        for number in range(len(rides)):
            assert can_make(PACE, rides[:number] + rides[number + 1 :], at=MIDDLE, now=NOON)
