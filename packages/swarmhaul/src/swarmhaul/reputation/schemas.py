"""Lines of a log, and how somebody stands with an observer."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from swarmhaul.reputation.models import ABOUT_LENGTH
from swarmhaul.reputation.scores import ONE, Seen, SeenKind


class Sighting(
    msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True
):
    """The terms of a line: what was seen of `subject`, towards whom, and about what. Of a referral
    `counterparty` is who refers, and `trust` how they stand with the observer, in trillionths.
    """

    seq: Annotated[int, Meta(ge=1, lt=1 << 40)]
    previous: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    subject: Annotated[str, Meta(max_length=44)]
    counterparty: Annotated[str, Meta(max_length=44)]
    kind: SeenKind
    about: Annotated[str, Meta(min_length=1, max_length=ABOUT_LENGTH, pattern=r"^[\w:/.-]+\Z")]
    trust: Annotated[int, Meta(ge=0, le=ONE)] = 0


def seen_in(sighting: Sighting) -> Seen:
    """What the fold takes of a line."""
    return Seen(sighting.kind, sighting.counterparty, sighting.trust)


class Refer(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The terms of a referral: whoever signs knows `subject` and says so."""

    subject: Annotated[str, Meta(max_length=44)]


class StandingView(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody stands with one observer. `score` is in trillionths."""

    observer: str
    subject: str
    score: int
    completed: int
    breached: int
    is_stranger: bool


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a log, with what proves it."""

    seq: int
    statement: str
    signature: str
    digest: str
