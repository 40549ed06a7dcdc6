"""New guests and those who come again, as figures that are added and taken away."""

from __future__ import annotations

from collections import Counter
from random import Random

from kitchenasty.reports.entries import Kind
from kitchenasty.reports.visits import Visit, figures_of_visits

DAYS = [f"2027-10-{day:02d}" for day in range(1, 29)]


def test_whoever_came_in_some_days_is_found_once_new_or_returning() -> None:
    chance = Random(7)
    visits = {
        Visit("house", f"guest {chance.randrange(30)}", chance.choice(DAYS)) for _ in range(200)
    }
    figures = figures_of_visits(visits)["house"]
    for first, last in ((DAYS[0], DAYS[-1]), (DAYS[9], DAYS[9]), (DAYS[4], DAYS[20])):
        found: Counter[Kind] = Counter()
        for place, figure in figures.items():
            if first <= place.day <= last and place.key < first:
                found[place.kind] += figure.times
        came = {one.guest for one in visits if first <= one.day <= last}
        before = {one.guest for one in visits if one.day < first}
        assert (found[Kind.NEW_GUEST], found[Kind.RETURN]) == (
            len(came - before),
            len(came & before),
        )


def test_a_guest_of_two_houses_is_new_in_each() -> None:
    visits = [Visit("one", "ines", DAYS[0]), Visit("two", "ines", DAYS[1])]
    found = figures_of_visits(visits)
    assert {house: [place.kind for place in own] for house, own in found.items()} == {
        "one": [Kind.NEW_GUEST],
        "two": [Kind.NEW_GUEST],
    }
