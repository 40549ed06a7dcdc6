"""Who may be sent advertising, whatever was said before in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.adverts.states import (
    ALLOWED,
    IS_OFF,
    NEVER_AGREED,
    OBJECTED,
    Basis,
    Remembered,
    Said,
    why_not,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REMEMBERED = st.builds(
    Remembered,
    st.sampled_from(Said),
    st.integers(0, 50).map(lambda minutes: NOON + timedelta(minutes=minutes)),
)


def said(*words: Said) -> list[Remembered]:
    return [Remembered(one, NOON + timedelta(hours=n)) for n, one in enumerate(words)]


@pytest.mark.parametrize(
    ("basis", "words", "expected"),
    [
        (Basis.AGREED, (), NEVER_AGREED),
        (Basis.AGREED, (Said.AGREED,), ALLOWED),
        (Basis.AGREED, (Said.TOLD,), NEVER_AGREED),
        (Basis.CUSTOMERS, (Said.TOLD,), ALLOWED),
        (Basis.CUSTOMERS, (), NEVER_AGREED),
        (Basis.CUSTOMERS, (Said.OBJECTED, Said.TOLD), OBJECTED),
        (Basis.AGREED, (Said.AGREED, Said.OBJECTED), OBJECTED),
        (Basis.AGREED, (Said.OBJECTED, Said.AGREED), ALLOWED),
        (Basis.OFF, (Said.AGREED, Said.TOLD), IS_OFF),
    ],
)
def test_the_last_word_of_a_guest_counts(
    basis: Basis, words: tuple[Said, ...], expected: str
) -> None:
    assert why_not(basis, said(*words), has_stopped=False) == expected


@given(st.sampled_from(Basis), st.lists(REMEMBERED, max_size=8))
def test_whoever_pressed_the_link_of_a_letter_gets_nothing(
    basis: Basis, remembered: list[Remembered]
) -> None:
    assert why_not(basis, remembered, has_stopped=True) != ALLOWED


@given(st.sampled_from(Basis), st.lists(REMEMBERED, max_size=8))
def test_a_no_at_the_end_is_a_no_whatever_came_before(
    basis: Basis, remembered: list[Remembered]
) -> None:
    no = Remembered(Said.OBJECTED, NOON + timedelta(minutes=50))
    assert why_not(basis, [no, *remembered], has_stopped=False) != ALLOWED


@given(st.lists(REMEMBERED, max_size=8))
def test_who_agreed_only_needs_no_purchase_and_a_purchase_alone_is_no_agreement(
    remembered: list[Remembered],
) -> None:
    alone = [one for one in remembered if one.said is not Said.TOLD]
    with_purchases = why_not(Basis.AGREED, remembered, has_stopped=False)
    assert with_purchases == why_not(Basis.AGREED, alone, has_stopped=False)
