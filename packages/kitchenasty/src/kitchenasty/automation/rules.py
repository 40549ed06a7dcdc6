"""A rule as it is kept: when what happens, on what condition, what is done. Pure.

It is kept as it was written, with the version of the language it was written in, so that it means
the same for ever. One that cannot be read stays where it is and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from basis.errors import Invalid
from basis.sentences import Sentence
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.conditions import Condition, read_condition
from kitchenasty.automation.templates import Template, read_template

LANGUAGE = 1
"""What the editor writes. Older ones are read for ever (docs/developers/algorithms)."""
LANGUAGES = frozenset({LANGUAGE})
STEPS_MAX = 10
DEPTH_MAX = 5
"""Rules that set off rules: so often, and then no more."""


class RuleUnreadable(Invalid):
    """What is kept is no rule of a language that this version reads."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do, as it was written: its kind, to whom, and its texts by field."""

    kind: str
    to: str = ""
    texts: dict[str, str] = {}


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as it was written."""

    topic: str
    when: str = ""
    steps: tuple[Step, ...] = ()
    language: int = LANGUAGE


@dataclass(frozen=True, slots=True)
class ReadStep:
    kind: str
    to: Recipient
    texts: Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to be asked."""

    topic: str
    condition: Condition
    steps: tuple[ReadStep, ...]


class Role(StrEnum):
    """To whom: the guest that the facts are about, registered or not; the house; those of the staff
    with a role; an address as it was typed; nobody, where a step needs none.
    """

    GUEST = "customer"
    HOUSE = "house"
    STAFF = "staff"
    ADDRESS = "address"
    NOBODY = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """`what` is the staff's role, or the address."""

    role: Role
    what: str = ""


@dataclass(frozen=True, slots=True)
class TextField:
    """A text that a step needs."""

    name: str
    words: str
    channel: Channel
    length_max: int
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class StepKind:
    """What can be done, as the editor offers it. `takes` are the recipients it has; `needs` is the
    fact without which it cannot be done, such as the id of an order.
    """

    name: str
    words: str
    fields: tuple[TextField, ...]
    takes: frozenset[Role]
    needs: str = ""


def read_document(document: object) -> Written:
    """What was kept as JSON. Raises RuleUnreadable."""
    try:
        return msgspec.convert(document, Written)
    except msgspec.ValidationError as error:
        raise RuleUnreadable(
            Sentence.of("This rule was not written by KitchenAsty: {why}", why=str(error))
        ) from error


def read_rule(written: Written) -> Rule:
    """Raises RuleUnreadable, ConditionUnreadable, TemplateUnreadable."""
    if written.language not in LANGUAGES:
        raise RuleUnreadable(
            Sentence.of(
                "This rule is written in language {found}; this version reads {most} at most.",
                found=written.language,
                most=LANGUAGE,
            )
        )
    return Rule(
        written.topic,
        read_condition(written.when),
        tuple(
            ReadStep(
                step.kind,
                read_recipient(step.to),
                {name: read_template(text) for name, text in step.texts.items()},
            )
            for step in written.steps
        ),
    )


def read_recipient(text: str) -> Recipient:
    """`customer`, `house`, `staff:MANAGER`; anything else is an address."""
    name, _, what = text.strip().partition(":")
    if name == Role.STAFF:
        return Recipient(Role.STAFF, what)
    if text.strip() in (Role.GUEST, Role.HOUSE, Role.NOBODY):
        return Recipient(Role(text.strip()))
    return Recipient(Role.ADDRESS, text.strip())
