"""Codes: hard to guess, easy to type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.gift_cards.rules import (
    ALPHABET,
    CHANCE_LENGTH,
    GiftCardMistyped,
    code_of,
    in_groups,
    read_code,
)

CHANCES = st.lists(st.integers(0, 31), min_size=CHANCE_LENGTH, max_size=CHANCE_LENGTH)


@given(CHANCES)
def test_a_code_is_read_however_it_is_typed(chance: list[int]) -> None:
    code = code_of(chance)
    printed = in_groups(code)
    misread = printed.replace("0", "O").replace("1", "l")
    for typed in (code, printed, printed.lower(), f"  {printed.replace('-', ' ')} ", misread):
        assert read_code(typed) == code


@given(CHANCES, st.integers(0, CHANCE_LENGTH), st.integers(1, 31))
def test_one_wrong_character_is_always_seen(chance: list[int], place: int, by: int) -> None:
    code = code_of(chance)
    other = ALPHABET[(ALPHABET.index(code[place]) + by) % len(ALPHABET)]
    with pytest.raises(GiftCardMistyped):
        read_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("typed", ["", "-", "0000", "0" * 21, "ß" * 20, "😀" * 20, "0" * 10_000])
def test_what_is_no_code_is_told_so(typed: str) -> None:
    with pytest.raises(GiftCardMistyped):
        read_code(typed)
