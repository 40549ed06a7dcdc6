"""Which language a page speaks, and how a refusal with facts in it is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from basis.errors import Conflict
from basis.money import Money
from basis.sentences import Sentence
from kitchenasty.kit.http import i18n
from kitchenasty.kit.http.pages import show_date, show_datetime, show_money


@pytest.fixture
def in_german() -> Iterator[None]:
    token = i18n.current_locale.set("de")
    yield
    i18n.current_locale.reset(token)


@pytest.mark.parametrize(
    ("cookie", "wish", "chosen"),
    [
        (None, None, "en_GB"),
        (None, "de-AT,de;q=0.9,en;q=0.8", "de"),
        (None, "en-US,en;q=0.9,de;q=0.8", "en_GB"),
        (None, "fr, de;q=0.3, en;q=0.7", "en_GB"),
        (None, "fr, ja", "en_GB"),
        (None, "de;q=0, en", "en_GB"),
        (None, ";;q=x,,", "en_GB"),
        ("de", "en", "de"),
        ("en_GB", "de", "en_GB"),
        ("../../etc", "de", "de"),
    ],
)
def test_the_guests_choice_comes_before_the_browsers_wish(
    cookie: str | None, wish: str | None, chosen: str
) -> None:
    assert i18n.choose_locale(cookie, wish) == chosen


def test_the_language_is_read_from_the_headers() -> None:
    german = {b"cookie": b"cart=abc; language=de", b"accept-language": b"en"}
    assert i18n.locale_of(german) == "de"
    assert i18n.locale_of({b"accept-language": b"de"}) == "de"
    assert i18n.locale_of({b"cookie": b"language="}) == "en_GB"


@pytest.mark.usefixtures("in_german")
def test_a_refusal_keeps_its_facts_in_another_language() -> None:
    refusal = Conflict(Sentence.of("Only {left} of {dish} left.", left=3, dish="Pie"))
    assert str(refusal) == "Only 3 of Pie left."
    assert i18n.say(refusal) == "Von Pie sind nur noch 3 da."


@pytest.mark.usefixtures("in_german")
def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    wait = Sentence.of("{count} minutes", count=4)
    said = Sentence.of("Too many tries. Please wait {wait} and try again.", wait=wait)
    assert "warten Sie 4 Minuten" in i18n.say(said)


@pytest.mark.usefixtures("in_german")
def test_money_in_a_sentence_is_written_as_the_reader_writes_it() -> None:
    said = Sentence.of("The total is now {total}.", total=Money(1_500, "EUR"))
    assert str(said) == "The total is now 15.00 EUR."
    assert i18n.say(said) == "The total is now 15,00\xa0€."


@pytest.mark.usefixtures("in_german")
def test_plurals_follow_the_language() -> None:
    said = [
        i18n.translate_plural("%(count)s dish", "%(count)s dishes", count) for count in (0, 1, 2)
    ]
    assert said == ["%(count)s Gerichte", "%(count)s Gericht", "%(count)s Gerichte"]


@pytest.mark.usefixtures("in_german")
def test_money_and_dates_are_written_as_the_language_writes_them() -> None:
    supper = datetime(2026, 5, 17, 16, 30, tzinfo=UTC)
    assert show_money(123450, "EUR").replace("\xa0", " ") == "1.234,50 €"
    assert show_money(1200, "JPY").replace("\xa0", " ") == "1.200 ¥"
    assert show_date(supper, "Europe/Berlin") == "Sonntag, 17. Mai"
    assert show_datetime(supper, "Europe/Berlin") == "17. Mai, 18:30"


def test_english_is_written_as_in_ireland() -> None:
    supper = datetime(2026, 5, 17, 16, 30, tzinfo=UTC)
    assert show_money(123450, "EUR") == "€1,234.50"
    assert show_date(supper, "Europe/Dublin") == "Sunday 17 May"
    assert show_datetime(supper, "Europe/Dublin") == "17 May, 17:30"
