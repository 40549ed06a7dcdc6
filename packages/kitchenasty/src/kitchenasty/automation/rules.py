"""A rule as it is kept: when what happens, on what condition, what is done. Pure.

It is kept as it was written, with the version of the language it was written in, so that it means
the same for ever. One that cannot be read stays where it is and says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import msgspec

from basis.errors import Invalid
from basis.sentences import Sentence
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.conditions import Condition, read_condition
from kitchenasty.automation.templates import Template, read_template

LANGUAGE = 2
"""What the editor writes. Older ones are read for ever (docs/developers/algorithms)."""
LANGUAGES = frozenset({1, LANGUAGE})
LAG = re.compile(r"([+-])([0-9]{1,3})([hd])", re.ASCII)
LAG_MOST = {"h": 720, "d": 400}
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
    lag: str = ""
    """Since language 2: how long before (`-2h`) or after (`+30d`) a moment."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How far from a moment: below zero is before it. Hours pass by the clock of the world, days on
    the wall of the house.
    """

    hours: int = 0
    days: int = 0

    @property
    def is_before(self) -> bool:
        return self.hours < 0 or self.days < 0

    @property
    def roughly(self) -> timedelta:
        """A day is an hour longer or shorter when the clock is changed."""
        return timedelta(days=self.days, hours=self.hours)


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
    lag: Lag | None = None


class Role(StrEnum):
    """To whom: the guest that the facts are about, registered or not; the house; those of the staff
    with a role; an address or a number as it was typed; a program; nobody, where a step needs none.
    """

    GUEST = "customer"
    HOUSE = "house"
    STAFF = "staff"
    ADDRESS = "address"
    WEBHOOK = "webhook"
    NOBODY = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """`what` is the staff's role, the address, or the id of the webhook."""

    role: Role
    what: str = ""


class Reach(StrEnum):
    """How people are reached by a step, as the last word of the fact that says where."""

    MAIL = "email"
    PHONE = "phone"
    ACCOUNT = "id"


@dataclass(frozen=True, slots=True)
class TextField:
    """A text that a step needs. `whole` are the least and the most of one that is a whole number;
    `is_public` is one that leaves the house, so no fact that is personal can stand in it.
    """

    name: str
    words: str
    channel: Channel
    length_max: int
    is_long: bool = False
    whole: tuple[int, int] | None = None
    is_public: bool = False


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
    reach: Reach = Reach.MAIL
    advertises: bool = False
    """Whether it goes only to guests who may be sent advertising."""
    is_shown_to_guests: bool = False
    """Whether guests see it, although it goes to nobody in particular."""


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
        read_lag(written.lag) if written.lag else None,
    )


def read_lag(text: str) -> Lag:
    """Raises RuleUnreadable."""
    found = LAG.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= LAG_MOST[found[3]]:
        raise RuleUnreadable(
            Sentence.of(
                "Say how long before or after: 1 to {hours} hours, or 1 to {days} days.",
                hours=LAG_MOST["h"],
                days=LAG_MOST["d"],
            )
        )
    count = int(found[1] + found[2])
    return Lag(hours=count) if found[3] == "h" else Lag(days=count)


def read_recipient(text: str) -> Recipient:
    """`customer`, `house`, `staff:MANAGER`, `webhook:` and its id; all else is an address."""
    name, _, what = text.strip().partition(":")
    if name in (Role.STAFF, Role.WEBHOOK):
        return Recipient(Role(name), what)
    if text.strip() in (Role.GUEST, Role.HOUSE, Role.NOBODY):
        return Recipient(Role(text.strip()))
    return Recipient(Role.ADDRESS, text.strip())
