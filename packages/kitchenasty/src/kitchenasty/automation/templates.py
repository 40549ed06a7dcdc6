"""Texts with places for facts: `{{ guest.name or "guest" }}`.

A template is read into pieces once, and written by putting the pieces one after the other. There is
no evaluation: a place names a fact in a flat table, and what is put there is never read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from basis.errors import Invalid
from basis.facts import Fact, FactKind, Facts
from basis.money import Money
from basis.sentences import Sentence
from kitchenasty.automation.channels import Channel, write_fact
from kitchenasty.automation.conditions import ESCAPED, NAME

LENGTH_MAX = 4_000
PLACES_MAX = 100
OPENS, CLOSES = "{{", "}}"
QUOTED = r'"(?:[^"\\\n]|\\["\\])*"'
PLACE = re.compile(
    rf"\s*(?:(?P<name>{NAME.pattern})|(?P<text>{QUOTED}))(?:\s+or\s+(?P<instead>{QUOTED}))?\s*",
    re.ASCII,
)
INSIDE = re.compile(rf"(?:{QUOTED}|[^\"}}]|}}(?!}}))*", re.ASCII)


class TemplateUnreadable(Invalid):
    """`at` says where, counted in characters from 0."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact is put, and what stands there if it is not known."""

    fact: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Texts as they are, and places."""

    pieces: tuple[str | Place, ...]

    @property
    def facts(self) -> list[str]:
        return [piece.fact for piece in self.pieces if isinstance(piece, Place)]


def read_template(text: str) -> Template:
    """Raises TemplateUnreadable for a place that is not closed or does not name a fact."""
    if len(text) > LENGTH_MAX:
        raise TemplateUnreadable(
            Sentence.of("A text has at most {most} characters.", most=LENGTH_MAX), at=LENGTH_MAX
        )
    pieces: list[str | Place] = []
    at = 0
    while (opened := text.find(OPENS, at)) >= 0:
        closed = end_of_place(text, opened)
        pieces += [text[at:opened], read_place(text[opened + len(OPENS) : closed], opened)]
        at = closed + len(CLOSES)
    if len(pieces) > 2 * PLACES_MAX:
        raise TemplateUnreadable(
            Sentence.of("A text has at most {most} places for facts.", most=PLACES_MAX), at=0
        )
    return Template(tuple(piece for piece in [*pieces, text[at:]] if piece != ""))


def end_of_place(text: str, opened: int) -> int:
    """Where it closes; a quoted text inside may hold the signs that close."""
    inside = INSIDE.match(text, opened + len(OPENS))
    closed = -1 if inside is None else inside.end()
    if not text.startswith(CLOSES, max(closed, 0)):
        raise TemplateUnreadable(
            Sentence.of("A place for a fact that begins with {opens} is not closed.", opens=OPENS),
            at=opened,
        )
    return closed


def read_place(inside: str, at: int) -> str | Place:
    """A quoted text by itself is that text: so one writes the opening signs themselves."""
    found = PLACE.fullmatch(inside)
    if found is None:
        raise TemplateUnreadable(
            Sentence.of(
                "Between {opens} and {closes} stands the name of a fact, like guest.name, and"
                " nothing else but: or and a text in quotes. This is neither: {shown}",
                opens=OPENS,
                closes=CLOSES,
                shown=inside.strip()[:60],
            ),
            at=at,
        )
    if found["text"] is not None:
        return unquoted(found["text"])
    return Place(found["name"], unquoted(found["instead"] or '""'))


def unquoted(text: str) -> str:
    return ESCAPED.sub(r"\1", text[1:-1])


Show = Callable[[Any, Fact], str]
"""How a value reads, in somebody's language."""


def fill(
    template: Template,
    facts: Facts,
    vocabulary: Mapping[str, Fact],
    channel: Channel,
    show: Show | None = None,
) -> str:
    """The text. Facts are written for the channel; what the owner wrote stays as it is."""
    return "".join(
        piece
        if isinstance(piece, str)
        else write_fact(words_at(piece, facts, vocabulary, show or show_plainly), channel)
        for piece in template.pieces
    )


def words_at(place: Place, facts: Facts, vocabulary: Mapping[str, Fact], show: Show) -> str:
    value, fact = facts.get(place.fact), vocabulary.get(place.fact)
    return place.instead if value is None or fact is None else show(value, fact)


def show_plainly(value: Any, fact: Fact) -> str:
    """As programs read it: `12.90 EUR`, `2026-11-22 19:00`, `yes`, `soup, bread`."""
    if fact.kind is FactKind.MONEY:
        return str(Money(*value))
    if fact.kind is FactKind.MOMENT:
        return str(value).replace("T", " ")
    if fact.kind is FactKind.FLAG:
        return "yes" if value else "no"
    if fact.kind is FactKind.LIST:
        return ", ".join(value)
    return str(value)
