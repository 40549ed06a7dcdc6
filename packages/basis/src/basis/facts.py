"""Facts that rules look at: a name with dots, a kind, and a plain value that JSON can hold.

Facts lie side by side under their whole names. `order.total` is one name and not a way through
objects, so there is nothing behind it that somebody could reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Facts = Mapping[str, Any]
"""Values by name. What is not there, or None, is not known."""


class FactKind(StrEnum):
    """What a value is: `TEXT` and `CHOICE` a text, `NUMBER` a whole number, `MONEY` the minor units
    and their currency, `FLAG` true or false, `MOMENT` the time on the wall of the house as
    `2026-11-22T19:00`, `LIST` texts.
    """

    TEXT = "TEXT"
    CHOICE = "CHOICE"
    NUMBER = "NUMBER"
    MONEY = "MONEY"
    FLAG = "FLAG"
    MOMENT = "MOMENT"
    LIST = "LIST"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it is offered to whoever makes a rule. `words` say what it is, in English."""

    name: str
    kind: FactKind
    words: str
    example: Any
    choices: Mapping[Any, str] | None = None
    """Of a CHOICE: its values, each with the words for it."""
    is_personal: bool = False
    """Whether it says who somebody is, or what they wrote: it goes to no program elsewhere."""


def is_of_kind(value: Any, fact: Fact) -> bool:
    """Whether a value is what its vocabulary promises."""
    if fact.kind is FactKind.CHOICE:
        return isinstance(value, str) and value in (fact.choices or {})
    if fact.kind in (FactKind.TEXT, FactKind.MOMENT):
        return isinstance(value, str)
    if fact.kind is FactKind.FLAG:
        return isinstance(value, bool)
    if fact.kind is FactKind.NUMBER:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, Sequence) and not isinstance(value, str) and has_parts(value, fact)


def has_parts(value: Sequence[Any], fact: Fact) -> bool:
    if fact.kind is FactKind.LIST:
        return all(isinstance(one, str) for one in value)
    kinds = [type(one) for one in value]
    return kinds == [int, str]
