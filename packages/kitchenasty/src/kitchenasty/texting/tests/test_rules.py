"""Numbers, lengths and what a carrier's word may change: rules that need no house."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.texting import NumberRefused, TextState, count_segments, read_number, shorten
from kitchenasty.texting.segments import SEGMENTS_MAX
from kitchenasty.texting.states import AFTER, wait_after
from kitchenasty.texting.twilio import is_signed, sign


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("030 901820", "DE", "+4930901820"),
        ("(0)30/90 18-20", "DE", "+4930901820"),
        ("+49 30 901820", "US", "+4930901820"),
        ("0049 30 901820", "DE", "+4930901820"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+4930901820", "", "+4930901820"),
    ],
)
def test_a_number_is_read_as_the_country_of_the_house_writes_it(
    typed: str, country: str, number: str
) -> None:
    assert read_number(typed, country) == number


@pytest.mark.parametrize(
    "typed", ["", "leek", "12", "030 901820", "+49", "+49 30 901820 ext. 7", "+" + "4" * 60, "\r\n"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NumberRefused):
        read_number(typed, "")


@given(st.text(max_size=60))
def test_whatever_is_typed_becomes_a_plain_number_or_nothing(typed: str) -> None:
    try:
        number = read_number(typed, "DE")
    except NumberRefused:
        return
    assert number[0] == "+"
    assert number[1:].isascii()
    assert number[1:].isdigit()
    assert len(number) <= 16


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ä" * 160, 1),
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_networks_do(text: str, segments: int) -> None:
    assert count_segments(text) == segments


@given(st.text(alphabet=st.sampled_from("aä€ł😀\n"), max_size=700))
def test_no_text_costs_more_than_three_segments(text: str) -> None:
    short = shorten(text)
    assert count_segments(short) <= SEGMENTS_MAX
    assert short == text or (short.endswith("...") and text.startswith(short[:-3]))


def test_nothing_takes_back_that_a_text_arrived() -> None:
    assert all(TextState.DELIVERED not in before for before in AFTER.values())


@given(st.integers(1, 40), st.floats(0, 1))
def test_waits_grow_to_an_hour_and_are_spread(tries: int, chance: float) -> None:
    seconds = wait_after(tries, chance).total_seconds()
    assert 10 <= seconds <= 3_600 * 1.25
    assert wait_after(tries, 0) <= wait_after(tries, chance) <= wait_after(tries, 1)


EXAMPLE = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
)
EXAMPLE_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"


def test_signs_as_twilios_own_example() -> None:
    assert sign("12345", EXAMPLE_URL, EXAMPLE) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize("signature", ["", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "é"])
def test_another_signature_is_none(signature: str) -> None:
    assert not is_signed("12345", EXAMPLE_URL, EXAMPLE, signature)
