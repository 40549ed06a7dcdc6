"""Distances and the grid, against arithmetic that shares nothing with them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmhaul.matching.places import Grid, Place, Points, metres_between
from swarmhaul.matching.tests.brute import metres

latitudes = st.floats(-88, 88)
longitudes = st.floats(-180, 180)
places = st.builds(Place, latitudes, longitudes)


@given(places, places, places)
def test_distances_are_those_of_a_sphere(one: Place, other: Place, around: Place) -> None:
    found = metres_between(Points.of([one], around), Points.of([other], around))[0]
    assert found == pytest.approx(metres(one, other), abs=0.01, rel=1e-6)
    assert one.metres_to(other) == pytest.approx(found, abs=0.01, rel=1e-6)


@pytest.mark.parametrize("corner", [(0, 0), (48, 11), (-77, 100), (12, 179.99), (85, -179.99)])
@pytest.mark.parametrize("radius", [80.0, 700.0, 4_000.0])
def test_the_grid_finds_whoever_is_near_and_nobody_else(
    corner: tuple[float, float], radius: float
) -> None:
    lots = random.Random(radius)

    def somewhere() -> Place:
        along = corner[1] + lots.uniform(-0.05, 0.05)
        return Place(corner[0] + lots.uniform(-0.03, 0.03), (along + 540) % 360 - 180)

    some, asked = [somewhere() for _ in range(150)], [somewhere() for _ in range(60)]
    around = Place(*corner)
    grid = Grid(Points.of(some, around), np.arange(len(some)), radius)
    rows, found = grid.near(Points.of(asked, around))
    expected = {
        (q, p)
        for q, one in enumerate(asked)
        for p, other in enumerate(some)
        if metres(one, other) <= radius
    }
    assert set(zip(rows.tolist(), found.tolist(), strict=True)) == expected
    assert (grid.count_near(Points.of(asked, around)) >= np.bincount(rows, minlength=60)).all()
