"""Which table a party gets."""

from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.availability.seating import Seat, Why, choose, why_not


def seat(name: str, most: int, *, least: int = 1, position: int = 0, **more: object) -> Seat:
    tables = tuple(sorted(name.split("+")))
    return Seat(
        table_ids=tables,
        name=name,
        least=least,
        most=most,
        position=position,
        **more,  # type: ignore[arg-type]
    )


TWO, FOUR, SIX = seat("2", 2, position=1), seat("4", 4, position=2), seat("6", 6, position=3)


def names(party: int, *seats: Seat, **more: object) -> list[str]:
    return [one.seat.name for one in choose(seats, party, **more)]  # type: ignore[arg-type]


def test_the_fewest_seats_stay_empty() -> None:
    assert names(2, SIX, FOUR, TWO) == ["2", "4", "6"]
    assert names(3, SIX, FOUR, TWO) == ["4", "6"]


def test_tables_that_a_combination_needs_stay_free() -> None:
    alone = seat("alone", 4, position=9)
    needed = seat("needed", 4, position=1, is_combinable=True)
    assert names(4, needed, alone) == ["alone", "needed"]


def test_one_table_comes_before_two_that_are_as_large() -> None:
    assert names(4, seat("a+b", 4, position=1), FOUR) == ["4", "a+b"]


def test_of_equals_the_house_counts() -> None:
    assert names(2, seat("b", 2, position=2), seat("a", 2, position=1)) == ["a", "b"]


def test_a_taken_table_takes_its_combinations_along() -> None:
    assert names(2, TWO, seat("2+4", 6), taken={"2"}) == []


def test_a_party_that_is_too_small_does_not_get_the_large_table() -> None:
    large = seat("large", 10, least=6)
    assert why_not(large, 4) is Why.TOO_LARGE
    assert why_not(large, 11) is Why.TOO_SMALL
    assert why_not(large, 6, taken={"large"}) is Why.TAKEN


def test_an_area_is_kept_to_with_all_tables() -> None:
    inside, outside = seat("in", 4, areas=frozenset({"Hall"})), seat("out", 4)
    both = seat("in+out", 8, areas=frozenset({"Hall", "Garden"}))
    assert names(4, inside, outside, both, area="Hall") == ["in"]


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 5), st.booleans()), max_size=12),
    st.integers(1, 12),
    st.sets(st.integers(0, 11)),
)
def test_what_is_chosen_fits_is_free_and_wastes_least(
    tables: list[tuple[int, int, bool]], party: int, gone: set[int]
) -> None:
    seats = [
        seat(str(number), most, position=position, is_combinable=combinable)
        for number, (most, position, combinable) in enumerate(tables)
    ]
    taken = {str(number) for number in gone}
    found = choose(seats, party, taken=taken)
    fitting = [one for one in seats if one.most >= party and one.table_ids[0] not in taken]
    assert {one.seat.name for one in found} == {one.name for one in fitting}
    assert [one.empty for one in found] == sorted(one.most - party for one in fitting)
    assert found == choose(list(reversed(seats)), party, taken=taken)
