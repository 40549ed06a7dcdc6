"""The frame of the office."""

from __future__ import annotations

from collections import Counter

from kitchenasty.dashboard.shell import AREAS, NOW


def test_no_two_places_answer_to_the_same_keys() -> None:
    keys = Counter(place.keys for area in (NOW, *AREAS) for place in area.places)
    assert [taken for taken, places in keys.items() if places > 1] == []
    assert all(len(one.split()) == 2 and one.startswith("g ") for one in keys)
