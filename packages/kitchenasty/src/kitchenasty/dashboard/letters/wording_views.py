"""What the pages of wordings show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from basis.errors import DomainError
from basis.sentences import word
from kitchenasty import texting, wordings
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import available
from kitchenasty.notices import BUTTON, TABLE, Area, Pattern, Wording
from kitchenasty.wordings import KeptWording, Mistake

AREAS = {
    Area.ORDERS: word("Orders"),
    Area.PAYMENTS: word("Payments"),
    Area.RESERVATIONS: word("Reservations"),
    Area.ACCOUNTS: word("Accounts of guests"),
    Area.STAFF: word("Staff"),
}
LANGUAGES = {"en_GB": "English", "de": "Deutsch"}
BLOCK_WORDS = {
    TABLE: word("The table, on a line of its own"),
    BUTTON: word("The button, on a line of its own"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letters in the list, and in which languages the owner has words for it."""

    pattern: Pattern
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """A place that may stand in the text."""

    place: str
    words: str
    example: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What is wrong, or else how the subject and a text message read with example facts."""

    mistakes: list[Mistake]
    subject: str = ""
    text: str = ""
    segments: int = 0


def languages() -> list[tuple[str, str]]:
    return [(locale, LANGUAGES.get(locale, locale)) for locale in available()]


def kinds_of(
    patterns: Mapping[str, Pattern], current: Mapping[tuple[str, str], KeptWording]
) -> list[tuple[str, list[Kind]]]:
    """By what they are about."""
    return [
        (words, [kind_of(one, current) for one in patterns.values() if one.area is area])
        for area, words in AREAS.items()
    ]


def kind_of(pattern: Pattern, current: Mapping[tuple[str, str], KeptWording]) -> Kind:
    kept = [(name, current.get((pattern.key, locale))) for locale, name in languages()]
    return Kind(pattern, tuple(name for name, one in kept if one is not None and one.own))


def offered_in(pattern: Pattern) -> list[Offered]:
    facts = [
        Offered(f"{{{{ {one.name} }}}}", one.words, str(one.example), one.name in pattern.needs)
        for one in pattern.facts.values()
    ]
    blocks = [
        Offered(f"{{{{ {name} }}}}", BLOCK_WORDS[name], "", name in pattern.needs)
        for name in pattern.blocks
    ]
    return [*facts, *blocks]


async def look_at(look: Look, pattern: Pattern, locale: str, wording: Wording) -> Looked:
    mistakes = wordings.mistakes_in(pattern, wording)
    if mistakes:
        return Looked(mistakes)
    if pattern.is_text:
        text = await wordings.example_text(look, pattern, locale, wording)
        return Looked([], text=text, segments=texting.count_segments(text))
    letter = await wordings.example_letter(look, pattern, locale, wording)
    return Looked([], subject=letter.subject)


def plainly(mistakes: Iterable[Mistake]) -> DomainError:
    """The first, as a refusal of the whole."""
    return wordings.WordingHasMistakes(next(iter(mistakes)).words)
