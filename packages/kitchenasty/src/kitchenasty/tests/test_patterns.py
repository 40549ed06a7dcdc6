"""Every kind of letter and text can be put into an owner's words, beginning with the usual ones."""

from __future__ import annotations

import pytest

from kitchenasty import wordings
from kitchenasty.correspondence import LETTERS, PATTERNS
from kitchenasty.kit.http.i18n import available, current_locale
from kitchenasty.notices import Block, Letter, Pattern
from kitchenasty.texting import Said

WITHOUT = {"rules.mail", "rules.advertising", "rules.coupon", "webhooks.off"}
"""What rules write stands in the rules; a webhook is a matter among owners."""
OF_PAPERS = {"receipts.paper"}
"""One letter of two kinds: a receipt, or a credit note."""
LINK = "https://example.com/x"
CASES = [(pattern, locale) for pattern in PATTERNS.values() for locale in available()]
each = pytest.mark.parametrize(
    ("pattern", "locale"), CASES, ids=[f"{one.key}-{locale}" for one, locale in CASES]
)


def test_every_letter_has_its_pattern() -> None:
    letters = {one.key for one in PATTERNS.values() if not one.is_text}
    assert set(LETTERS) - WITHOUT - OF_PAPERS <= letters


@each
def test_the_usual_words_have_no_mistakes(pattern: Pattern, locale: str) -> None:
    language = current_locale.set(locale)
    try:
        assert wordings.mistakes_in(pattern, pattern.standard()) == []
    finally:
        current_locale.reset(language)


@each
def test_the_usual_words_in_an_owners_hand_say_the_same(pattern: Pattern, locale: str) -> None:
    language = current_locale.set(locale)
    try:
        known = pattern.examples()
        if pattern.is_text:
            said = Said(pattern.say(known), pattern.key, pattern.facts_of(known))
            assert wordings.worded_text(said, pattern.standard()) == said.words
            return
        usual = pattern.write(known, rows=pattern.example_rows(), url=LINK)
        own = wordings.worded(usual, pattern.standard())
        assert own.subject == usual.subject
        assert plain_parts(own) == plain_parts(usual)
    finally:
        current_locale.reset(language)


def plain_parts(letter: Letter) -> list[tuple[Block, str]]:
    """Small print of the usual letter is print like any other in an owner's."""
    return [(Block.TEXT if kind is Block.SMALL else kind, words) for kind, words in letter.parts]


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS.keys())
def test_what_a_letter_needs_is_among_what_it_has(pattern: Pattern) -> None:
    assert pattern.needs <= {*pattern.facts, *pattern.blocks}
