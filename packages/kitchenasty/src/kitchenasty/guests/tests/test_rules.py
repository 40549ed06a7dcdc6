"""How guests are found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from basis.kit.texts import name_key, phone_key
from kitchenasty.guests.rules import surname_key


@given(st.text(max_size=40))
def test_both_keys_of_a_name_have_the_same_words(name: str) -> None:
    assert sorted(name_key(name).split()) == sorted(surname_key(name).split())


def test_the_last_word_of_a_name_comes_first() -> None:
    assert surname_key("Ana  Maria ÖZIL") == "özil ana maria"
    assert (surname_key(""), phone_key("+49 (30) 55")) == ("", "493055")
