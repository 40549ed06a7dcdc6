"""Questions, what browsers remember of answers, and what may be named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.ids import new_id
from kitchenasty.consent import rules
from kitchenasty.consent.gate import policy_for

THEN = datetime(2030, 5, 17, tzinfo=UTC)


def category(name: str = "statistics", **fields: object) -> rules.Category:
    plain = rules.Category(
        id=new_id(), name=name, label="Statistics", description="How many come.",
        cookies=(), script=None, is_required=False, is_active=True, sort_order=0,
        created_at=THEN, updated_at=THEN,
    )  # fmt: skip
    return replace(plain, **fields)  # type: ignore[arg-type]  # by name


FIVE = rules.Notice(3, tuple(category(str(number), sort_order=9 - number) for number in range(5)))


@given(st.sets(st.integers(0, 4)), st.text("Aa0_-", max_size=40))
def test_a_browser_remembers_what_was_said_and_nothing_of_who_declines(
    places: set[int], secret: str
) -> None:
    said = frozenset(FIVE.categories[place].id for place in places)
    kept = rules.write_choice(FIVE, rules.Choice(said, secret))
    assert rules.read_choice(FIVE, kept) == rules.Choice(said, secret if said else "")
    assert rules.secret_in(kept) == (secret if said else "")


def test_an_answer_to_another_version_is_no_answer() -> None:
    kept = rules.write_choice(FIVE, rules.Choice(frozenset({FIVE.categories[0].id}), "r"))
    assert rules.read_choice(replace(FIVE, version=4), kept) is None
    assert rules.secret_in(kept) == "r"


@given(st.text(max_size=60))
def test_nonsense_agrees_to_nothing(text: str) -> None:
    choice = rules.read_choice(FIVE, text)
    assert choice is None or choice.accepted <= {one.id for one in FIVE.asked}


@pytest.mark.parametrize("text", [None, "", "3", "3.0", "3.99-98.", "3.0-.x", "٣.0.", "3.0.\n"])
def test_a_cookie_that_is_none_of_ours_agrees_to_nothing(text: str | None) -> None:
    choice = rules.read_choice(FIVE, text)
    assert choice is None or choice.accepted == frozenset()


def test_every_word_of_a_question_counts_and_its_place_does_not() -> None:
    one = category(cookies=("_pk_id",))
    asked = rules.question_of([one])
    assert rules.question_of([replace(one, sort_order=7, updated_at=datetime.now(UTC))]) == asked
    for changed in (
        replace(one, label="Counting"),
        replace(one, description="Who comes."),
        replace(one, cookies=("_pk_id", "_pk_ses")),
        replace(one, script=rules.Script("https://stats.example/a.js")),
        replace(one, name="other"),
    ):
        assert rules.question_of([changed]) != asked
    assert rules.question_of([replace(one, is_required=True)]) == []
    assert rules.question_of([replace(one, is_active=False)]) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://stats.example/script.js",
        "https://stats.example:8443/js/a-b_c.min.js",
        "http://127.0.0.1:9000/a.js",
    ],
)
def test_a_script_of_another_site_is_taken(url: str) -> None:
    script = rules.checked_script(url, "rye.example")
    assert script == rules.Script(url, "rye.example")
    assert f"script-src 'self' {script.origin};" in policy_for([script])


@pytest.mark.parametrize(
    "url",
    [
        "http://stats.example/script.js",
        "javascript:alert(1)",
        "data:text/javascript,alert(1)",
        "//stats.example/script.js",
        "https://stats.example",
        "https://stats.example/a.js?x=1",
        "https://stats.example/a.js#x",
        "https://stats.example/a.js; script-src *",
        "https://*.example/a.js",
        "https://*/a.js",
        "https://user@stats.example/a.js",
        "https://stats.example;/a.js",
        "https://stats.example 'unsafe-inline'/a.js",
        'https://stats.example/"><script>',
        "https://stats.example:99999/a.js",
        "https://stäts.example/a.js",
        "HTTPS://STATS.example/a.js",
        "https://stats.example/" + "a" * 300,
    ],
)
def test_what_could_lead_elsewhere_or_end_the_policy_is_no_script(url: str) -> None:
    with pytest.raises(rules.CategoryRefused):
        rules.checked_script(url, "")


@pytest.mark.parametrize("site", ["a b", 'x" onload="', "<script>", "x" * 101])
def test_the_name_there_is_a_plain_word(site: str) -> None:
    with pytest.raises(rules.CategoryRefused):
        rules.checked_script("https://stats.example/a.js", site)


@pytest.mark.parametrize("name", ["a b", "x;y", "a=b", "*", "a*b", "x" * 61, "<script>", "ä"])
def test_a_cookie_has_a_cookies_name(name: str) -> None:
    with pytest.raises(rules.CategoryRefused):
        rules.checked_cookies([name])


@pytest.mark.parametrize("name", ["session", "__Host-session", "cart", "s*", "cook*", "scheme"])
def test_no_category_claims_a_cookie_that_the_shop_needs(name: str) -> None:
    with pytest.raises(rules.CategoryRefused):
        rules.refuse_ours([name])


def test_what_is_declined_is_forgotten_and_nothing_else() -> None:
    one, two = category("one", cookies=("_pk_*", "extra")), category("two", cookies=("kept",))
    notice = rules.Notice(1, (one, two))
    sent = ["_pk_id.1", "extra", "extra2", "kept", "session", "_pk_\x01", "cart"]
    assert rules.names_to_forget(notice, frozenset({two.id}), sent) == ["_pk_id.1", "extra"]
    assert rules.names_to_forget(notice, frozenset({one.id, two.id}), sent) == []
