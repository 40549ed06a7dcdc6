"""Owners' words with the facts of one letter in them.

A text is read line by line into pieces, and written by putting the pieces one after the other: what
a guest typed is never read as a place, as a line of its own kind, or as a header.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import structlog

from basis.facts import Fact
from kitchenasty.automation import Channel, Place, Template, TemplateUnreadable, fill, read_template
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.notices import BUTTON, TABLE, Block, Letter, Wording, text_fact
from kitchenasty.texting import Said
from kitchenasty.wordings.queries import find_newest

logger = structlog.get_logger(__name__)

BLOCKS = {TABLE: Block.TABLE, BUTTON: Block.BUTTON}


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of one letter, and how they are told."""

    facts: Mapping[str, str]

    @property
    def vocabulary(self) -> dict[str, Fact]:
        return {name: text_fact(name, "", "") for name in self.facts}

    def fill(self, template: Template, channel: Channel) -> str:
        """Empty where nothing of what it names is known: no `Phone:` for a house without one."""
        names = template.facts
        defaults = [one for one in template.pieces if isinstance(one, Place) and one.instead]
        if names and not defaults and not any(self.facts.get(name) for name in names):
            return ""
        return fill(template, self.facts, self.vocabulary, channel)


async def reword(look: Look, letter: Letter) -> Letter:
    """In the owner's words of the current language, if there are any."""
    own = await find_own(look, letter.pattern)
    if own is None:
        return letter
    try:
        return worded(letter, own)
    except TemplateUnreadable:
        # Written by a version that knew more. A guest who waits for a link gets the usual words.
        logger.exception("wordings.unreadable", pattern=letter.pattern)
        return letter


async def reword_text(look: Look, said: Said) -> str:
    """The same for a text message."""
    own = await find_own(look, said.pattern)
    if own is None:
        return said.words
    try:
        return worded_text(said, own)
    except TemplateUnreadable:
        logger.exception("wordings.unreadable", pattern=said.pattern)
        return said.words


async def find_own(look: Look, pattern: str) -> Wording | None:
    if not pattern:
        return None
    newest = await find_newest(look, pattern, current_locale.get())
    return None if newest is None else newest.own


def worded(letter: Letter, wording: Wording) -> Letter:
    """What a letter needs is in it, whatever the words were written for. Raises
    TemplateUnreadable.
    """
    known = Known(letter.facts)
    subject = known.fill(read_template(wording.subject), Channel.LINE)
    body = list(parts_of(wording.body, known))
    missing = [BLOCKS[name] for name in BLOCKS if name in letter.needs and BLOCKS[name] not in body]
    return replace(letter, subject=subject or letter.subject, body=(*body, *missing))


def parts_of(text: str, known: Known) -> Iterable[str | Block]:
    for line in text.splitlines():
        template = read_template(line.strip())
        block = block_of(template)
        if block is not None:
            yield block
        else:
            yield from filled_lines(known.fill(template, Channel.TEXT))


def filled_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def block_of(template: Template) -> Block | None:
    """What stands by itself on its line: the table, the button."""
    if len(template.pieces) != 1 or not isinstance(template.pieces[0], Place):
        return None
    return BLOCKS.get(template.pieces[0].fact)


def worded_text(said: Said, wording: Wording) -> str:
    """One line. Raises TemplateUnreadable."""
    known = Known(said.facts)
    lines = (read_template(line.strip()) for line in wording.body.splitlines())
    filled = (known.fill(line, Channel.SMS) for line in lines)
    return " ".join(line for line in filled if line) or said.words
