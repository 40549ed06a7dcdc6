"""Which options go together, by example and by property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.menu.allergens import GROUPS, MEMBERS, NAMES, contains, unite
from kitchenasty.menu.selection import (
    Choice,
    Display,
    OptionGroup,
    OptionMissing,
    OptionOfAnotherDish,
    OptionRefused,
    choose,
)


def group_of(
    display: Display, *, low: int = 0, high: int = 1, is_required: bool = False, size: int = 4
) -> OptionGroup:
    choices = tuple(
        Choice(f"{display}-{n}", f"Choice {n}", n * 50, is_default=False, allergens=frozenset())
        for n in range(size)
    )
    return OptionGroup(str(display), str(display), display, is_required, low, high, choices)


RADIO = group_of(Display.RADIO, is_required=True, high=5)
CHECKBOX = group_of(Display.CHECKBOX, high=2)
QUANTITY = group_of(Display.QUANTITY, low=0, high=6)
GROUPS_OF_DISH = (RADIO, CHECKBOX, QUANTITY)
ids = st.sampled_from([c.id for g in GROUPS_OF_DISH for c in g.choices])


def test_a_required_choice_must_be_made() -> None:
    with pytest.raises(OptionMissing, match="please choose RADIO"):
        choose("Pizza", GROUPS_OF_DISH, [])


def test_an_option_of_another_dish_is_refused() -> None:
    with pytest.raises(OptionOfAnotherDish):
        choose("Pizza", GROUPS_OF_DISH, [("RADIO-0", 1), ("somewhere-else", 1)])


def test_a_radio_takes_one_whatever_its_maximum_says() -> None:
    with pytest.raises(OptionRefused):
        choose("Pizza", GROUPS_OF_DISH, [("RADIO-0", 1), ("RADIO-1", 1)])


def test_a_checkbox_cannot_be_ticked_twice() -> None:
    with pytest.raises(OptionRefused, match="once"):
        choose("Pizza", GROUPS_OF_DISH, [("RADIO-0", 1), ("CHECKBOX-0", 2)])


def test_quantities_count() -> None:
    chosen = choose("Pizza", GROUPS_OF_DISH, [("RADIO-0", 1), ("QUANTITY-1", 2), ("QUANTITY-2", 4)])
    assert [(one.choice.id, one.quantity) for one in chosen] == [
        ("RADIO-0", 1),
        ("QUANTITY-1", 2),
        ("QUANTITY-2", 4),
    ]


@given(st.lists(st.tuples(ids, st.integers(1, 4)), max_size=8))
def test_what_is_accepted_obeys_every_rule(wanted: list[tuple[str, int]]) -> None:
    try:
        chosen = choose("Pizza", GROUPS_OF_DISH, wanted)
    except OptionRefused:
        return
    for group in GROUPS_OF_DISH:
        taken = [one for one in chosen if one.group is group]
        assert group.at_least <= sum(one.quantity for one in taken) <= group.at_most
    assert sum(one.quantity for one in chosen) == sum(quantity for _, quantity in wanted)


def test_the_regulation_has_fourteen_groups() -> None:
    assert len(GROUPS) == 14
    assert len(NAMES) == 14 + sum(map(len, MEMBERS.values()))


@given(st.sets(st.sampled_from(sorted(NAMES))), st.sampled_from(sorted(NAMES)))
def test_avoiding_a_group_avoids_its_members(declared: set[str], avoided: str) -> None:
    if contains(declared, avoided):
        assert contains(declared, avoided.partition(":")[0])


def test_unknown_stays_unknown_with_any_option() -> None:
    assert unite(None, [frozenset({"milk"})]) is None
    assert unite(frozenset(), [frozenset({"milk"})]) == frozenset({"milk"})
