"""Scores: whole trillionths, folded over what was seen, so that everybody who folds the same gets
the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce

ONE = 1_000_000_000_000
"""A score of 1. With fewer digits small gains vanish near the top."""
MILLION = 1_000_000
BASE = 3 * ONE // 10
FIRST_MEETING_CEILING = 6 * ONE // 10
GAIN_DIVISOR = 2
"""A gain is half its delta times what is missing to 1; a loss is its whole delta."""
AGAIN_NUMERATOR, AGAIN_DENOMINATOR = 4, 5
"""Each further dealing of the same two earns four fifths of the one before: all of them together
less than five first ones, however many they are.
"""
OWN_NAME = 50_000
CREDENTIAL = 20_000
REFERRAL = 10_000


class SeenKind(StrEnum):
    COMPLETED = "completed"
    BREACHED = "breached"


DELTAS = {SeenKind.COMPLETED: 50_000, SeenKind.BREACHED: -800_000}
"""Millionths."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the observer saw of a subject: what they did, and to whom."""

    kind: SeenKind
    counterparty: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a stranger shows of themselves. Credentials count if the observer trusts their issuer,
    referrals by what the observer thinks of those who refer.
    """

    has_own_name: bool = False
    credentials: int = 0
    referrer_scores: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with one observer; also the snapshot from which a fold goes on."""

    score: int = BASE
    completed: int = 0
    breached: int = 0
    dealings: Mapping[str, int] = field(default_factory=dict)
    """Completions by counterparty."""


STRANGER = Standing()


def self_estimate(evidence: Evidence) -> int:
    """The score of somebody whom the observer never dealt with: the base and what they show, up to
    the ceiling of a first meeting.
    """
    shown = OWN_NAME * evidence.has_own_name + CREDENTIAL * evidence.credentials
    referred = sum(score * REFERRAL // MILLION for score in evidence.referrer_scores)
    return min(FIRST_MEETING_CEILING, BASE + shown * (ONE // MILLION) + referred)


def first_meeting(evidence: Evidence) -> Standing:
    """Where the fold over somebody begins who showed this when they were met."""
    return Standing(score=self_estimate(evidence))


def fold(seen: Iterable[Seen], standing: Standing = STRANGER) -> Standing:
    """The standing after all that was seen, in the order in which it was seen."""
    return reduce(after, seen, standing)


def after(standing: Standing, seen: Seen) -> Standing:
    if seen.kind is SeenKind.BREACHED:
        return Standing(
            score=score_after(standing.score, seen.kind, dealings_before=0),
            completed=standing.completed,
            breached=standing.breached + 1,
            dealings=standing.dealings,
        )
    before = standing.dealings.get(seen.counterparty, 0)
    return Standing(
        score=score_after(standing.score, seen.kind, dealings_before=before),
        completed=standing.completed + 1,
        breached=standing.breached,
        dealings={**standing.dealings, seen.counterparty: before + 1},
    )


def score_after(score: int, kind: SeenKind, *, dealings_before: int) -> int:
    """One step of the fold; `dealings_before` is how often the two completed something before."""
    delta = DELTAS[kind]
    if delta < 0:
        return max(0, score + delta * (ONE // MILLION))
    missing = ONE - score
    return score + missing * delta * weight_of(dealings_before) // (GAIN_DIVISOR * MILLION * ONE)


def weight_of(dealings_before: int) -> int:
    """How much one more dealing of the same two counts, in trillionths; rounded down once."""
    if dealings_before >= 200:
        return 0  # less than a trillionth
    share: int = ONE * AGAIN_NUMERATOR**dealings_before // AGAIN_DENOMINATOR**dealings_before
    return share


def basis_points(score: int) -> int:
    """As the matcher takes it; rounded down."""
    return score * 10_000 // ONE
