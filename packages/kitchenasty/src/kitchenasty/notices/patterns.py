"""What letters and texts of one kind say before anybody's facts stand in them: the standard words,
and the facts that an owner may put into words of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from basis.facts import Fact, FactKind
from basis.sentences import word
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices.letters import Action, Attachment, Letter, Matter

PLACE = re.compile(r"\{([a-z_]+)\}")
TABLE, BUTTON = "letter.table", "letter.button"
"""What stands on a line of its own in the text of a letter: amounts and the like, and the link."""


class Area(StrEnum):
    """What a kind of letters is about."""

    ORDERS = "ORDERS"
    PAYMENTS = "PAYMENTS"
    RESERVATIONS = "RESERVATIONS"
    ACCOUNTS = "ACCOUNTS"
    STAFF = "STAFF"


def text_fact(name: str, words: str, example: str) -> Fact:
    return Fact(name, FactKind.TEXT, words, example)


HOUSE = text_fact("house.name", word("Name of the house"), "Juniper Court")
ADDRESS = text_fact(
    "house.address", word("Where the house is"), "Juniper Court, Kastanienallee 12, 10435 Berlin"
)
PHONE = text_fact("house.phone", word("Phone of the house"), "+49 30 5550199")
GUEST = text_fact("guest.name", word("Name of the guest"), "Ada Lovelace")


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and a text as owners write them, with `{{ names of facts }}`."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One kind of letters, or of text messages when `is_text`. `subject`, `lines` and `after` are
    sentences in English with `{places}`, of which `places` says what facts they are; what stands in
    `needs` may not be left out, since the letter would be of no use, or of no worth as a paper.
    """

    key: str
    words: str
    area: Area
    subject: tuple[str, ...] = ()
    lines: tuple[str, ...]
    after: tuple[str, ...] = ()
    places: Mapping[str, Fact] = field(default_factory=dict)
    rows: tuple[tuple[str, str], ...] = ()
    """An example of its table; empty when it has none."""
    button: str = ""
    needs: frozenset[str] = frozenset()
    is_text: bool = False

    @property
    def facts(self) -> dict[str, Fact]:
        return {fact.name: fact for fact in self.places.values()}

    @property
    def blocks(self) -> tuple[str, ...]:
        """What stands on a line of its own."""
        return (*((TABLE,) if self.rows else ()), *((BUTTON,) if self.button else ()))

    def standard(self) -> Wording:
        """Its usual words in the current language, as an owner would write them."""
        places = {place: f"{{{{ {fact.name} }}}}" for place, fact in self.places.items()}
        blocks = [f"{{{{ {name} }}}}" for name in self.blocks]
        lines = [*written(self.lines, places), *blocks, *written(self.after, places)]
        body = ("\n" if self.is_text else "\n\n").join(lines)
        return Wording(self.subject_of(places), body)

    def subject_of(self, known: Mapping[str, str]) -> str:
        return ", ".join(written(self.subject, known))

    def examples(self) -> dict[str, str]:
        """The facts of a letter that was never sent, by their place."""
        return {place: translate(str(fact.example)) for place, fact in self.places.items()}

    def example_rows(self) -> tuple[tuple[str, str], ...]:
        return tuple((translate(name), translate(value)) for name, value in self.rows)

    def write(
        self,
        known: Mapping[str, str],
        *,
        rows: Iterable[tuple[str, str]] = (),
        url: str = "",
        house: str = "",
        attachments: tuple[Attachment, ...] = (),
        described: Matter | None = None,
    ) -> Letter:
        """The letter in its usual words. `known` are the facts, by their place."""
        return Letter(
            subject=self.subject_of(known),
            paragraphs=paragraphs_of(self.lines, known),
            rows=tuple(rows),
            action=Action(translate(self.button), url) if self.button else None,
            after=paragraphs_of(self.after, known),
            house=house,
            attachments=attachments,
            described=described,
            pattern=self.key,
            facts=self.facts_of(known),
            needs=self.needs,
        )

    def say(self, known: Mapping[str, str]) -> str:
        """The text message in its usual words."""
        return " ".join(written(self.lines, known))

    def facts_of(self, known: Mapping[str, str]) -> dict[str, str]:
        """By their whole name; what is not known is not there."""
        return {self.places[place].name: value for place, value in known.items() if value}


def written(sentences: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """In the current language. A sentence of which nothing is known is left out: no `Phone:` for a
    house without one.
    """
    return [
        translate(sentence).format(**known)
        for sentence in sentences
        if not (names := PLACE.findall(sentence)) or any(known.get(name) for name in names)
    ]


def paragraphs_of(sentences: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """A fact of several lines becomes as many paragraphs."""
    return tuple(line for text in written(sentences, known) for line in text.splitlines())
