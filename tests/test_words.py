"""The catalogues: complete, without leftovers, and true to their placeholders."""

import re
from collections.abc import Iterable, Sequence

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from kitchenasty.kit.http import i18n
from tools import words

PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|\{\w+\}")
OTHERS = i18n.available()[1:]


def catalogue(locale: str) -> Catalog:
    with i18n.catalogue_of(locale).open("rb") as written:
        return read_po(written)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def keys(messages: Iterable[str | Sequence[str]]) -> set[str]:
    return {message if isinstance(message, str) else message[0] for message in messages}


def test_there_is_a_second_language() -> None:
    assert "de" in OTHERS


@pytest.mark.parametrize("locale", OTHERS)
def test_every_word_that_people_see_is_in_the_catalogue_and_nothing_else(locale: str) -> None:
    written = keys(message.id for message in catalogue(locale) if message.id)
    found = keys(words.collect())
    assert {"missing": found - written, "left over": written - found} == {
        "missing": set(),
        "left over": set(),
    }, "run `make words`"


@pytest.mark.parametrize("locale", OTHERS)
def test_every_word_is_translated_and_none_is_a_guess(locale: str) -> None:
    assert words.untranslated(i18n.catalogue_of(locale)) == []
    assert [message.id for message in catalogue(locale) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("locale", OTHERS)
def test_a_translation_has_the_placeholders_of_its_original(locale: str) -> None:
    wrong = []
    for message in catalogue(locale):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string or ())
        pairs = zip(originals, said, strict=True) if message.id else ()
        wrong += [one for original, one in pairs if placeholders(original) != placeholders(one)]
    assert wrong == []


def test_the_collector_sees_templates_refusals_facts_and_tables() -> None:
    found = keys(words.collect())
    assert {
        "Skip to the content",
        "Please leave a phone number or an e-mail address.",
        "Only {left} of {dish} left.",
        "Milk (lactose included)",
    } <= found


def test_a_refusal_is_found_where_it_is_made_and_not_only_where_it_is_raised() -> None:
    found = keys(words.collect())
    assert "This coupon has been used as often as it may be." in found
    assert "Six features are as many as anybody reads." in found
