"""The numbers by which a list stands in order."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.menu.places import NoRoom, Place, numbers_for

places = st.lists(st.tuples(st.integers(0, 1_000), st.booleans()), max_size=12)


@given(places)
def test_numbers_rise_along_the_list_and_fixed_ones_stay(drawn: list[tuple[int, bool]]) -> None:
    fixed = iter(sorted(number for number, is_free in drawn if not is_free))
    wanted = [
        Place(str(at), number if is_free else next(fixed), is_free=is_free)
        for at, (number, is_free) in enumerate(drawn)
    ]
    try:
        found = numbers_for(wanted)
    except NoRoom:
        return
    assert found.keys() == {place.id for place in wanted if place.is_free}
    numbers = [found.get(place.id, place.number) for place in wanted]
    assert numbers == sorted(numbers)
    assert min(numbers, default=0) >= 0
    # Only two fixed ones may share a number: among each other names decide.
    doubled = {number for number, times in Counter(numbers).items() if times > 1}
    assert not doubled & set(found.values())
