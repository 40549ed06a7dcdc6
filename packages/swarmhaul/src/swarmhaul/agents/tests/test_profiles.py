"""A profile is read from TOML, and says what is wrong with it."""

from __future__ import annotations

import pytest

from swarmhaul.agents import ProfileUnfit, read_profile

GOOD = """
name = "Aoife"
latitude = 53.35
longitude = -6.26
reach_m = 6000
margin = 1500

[vehicle]
name = "cargo bike"
carries_kg = 60
carries_litres = 200
kmh = 18
per_km = 50000
per_hour = 20000000
"""


def test_a_good_one_is_read() -> None:
    found = read_profile(GOOD)
    assert (found.name, found.margin, found.vehicle.kmh) == ("Aoife", 1_500, 18)


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("reach_m = 6000", "reach = 6000", "reach"),
        ("kmh = 18", "kmh = 0", "vehicle.kmh"),
        ("latitude = 53.35", "latitude = 153.35", "latitude"),
        ("latitude = 53.35", "latitude = nan", "latitude"),
        ('name = "Aoife"', 'name = "A\\u0000"', "name"),
        ("margin = 1500", "margin = = 1", "line 6"),
        ("[vehicle]", "[wheels]", "wheels"),
    ],
)
def test_a_bad_one_is_refused_with_its_place(before: str, after: str, named: str) -> None:
    with pytest.raises(ProfileUnfit, match=named):
        read_profile(GOOD.replace(before, after))
