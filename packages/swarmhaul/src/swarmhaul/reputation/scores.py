"""Scores: whole trillionths, folded over what was seen, so that everybody who folds the same gets
the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
REFERRAL = 10_000


class SeenKind(StrEnum):
    COMPLETED = "completed"
    BREACHED = "breached"
    REFERRED = "referred"


DELTAS = {SeenKind.COMPLETED: 50_000, SeenKind.BREACHED: -800_000}
"""Millionths."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the observer saw of a subject: what they did, and to whom; or who referred them, and
    what the observer thought of that one (`trust`).
    """

    kind: SeenKind
    counterparty: str
    trust: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with one observer; also the snapshot from which a fold goes on."""

    score: int = BASE
    completed: int = 0
    breached: int = 0
    dealings: Mapping[str, int] = field(default_factory=dict)
    """Completions by counterparty."""

    @property
    def is_stranger(self) -> bool:
        """Whether the observer never saw them do anything."""
        return not (self.completed or self.breached)


STRANGER = Standing()


def estimate_after(score: int, *, trust: int) -> int:
    """The estimate of a stranger whom somebody refers, of whom the observer thinks `trust`; up to
    the ceiling of a first meeting.
    """
    return min(FIRST_MEETING_CEILING, score + trust * REFERRAL // MILLION)


def fold(seen: Iterable[Seen], standing: Standing = STRANGER) -> Standing:
    """The standing after all that was seen, in the order in which it was seen."""
    return reduce(after, seen, standing)


def after(standing: Standing, seen: Seen) -> Standing:
    if seen.kind is SeenKind.REFERRED:
        if not standing.is_stranger:
            return standing
        return replace(standing, score=estimate_after(standing.score, trust=seen.trust))
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
