"""Sentences for people that can be said in another language later.

A rule that refuses says why in English, and the facts stand in the sentence: `Only 3 of Pie left.`
A page in German needs the sentence without its facts to find the other words for it.
"""

from __future__ import annotations

from typing import Any, Self


class Sentence(str):
    """An English sentence that remembers its pattern and its facts.

    `Sentence.of("Only {left} of {dish} left.", left=3, dish="Pie")` reads `Only 3 of Pie left.`
    Facts that are sentences themselves are translated with it. Without facts, braces are braces.
    """

    __slots__ = ("facts", "pattern")

    pattern: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, pattern: str, /, **facts: Any) -> Self:
        said = cls(pattern.format(**facts) if facts else pattern)
        said.pattern, said.facts = pattern, facts
        return said


def word(text: str) -> str:
    """A word that stands in a table and is shown later: marked, so that it gets translated."""
    return text
