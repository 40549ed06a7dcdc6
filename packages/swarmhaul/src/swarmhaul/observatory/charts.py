"""Charts as shapes: what a template draws with, in a box of its own units, a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swarmhaul.reputation import ONE, STRANGER, SeenKind, score_after

WIDE, HIGH = 640, 200
LEFT, BOTTOM, TOP = 44, 24, 10
STEPS = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure with its name, and where its bar stands."""

    name: str
    figure: int
    x: float
    y: float
    wide: float
    high: float


def bars_of(figures: Sequence[tuple[str, int]]) -> list[Bar]:
    """Upright bars beside each other; the greatest fills the height."""
    greatest = max((figure for _, figure in figures), default=0) or 1
    room = (WIDE - LEFT) / max(1, len(figures))
    return [
        Bar(
            name=name,
            figure=figure,
            x=round(LEFT + room * number + room * 0.15, 2),
            y=round(HIGH - BOTTOM - high_of(figure, greatest), 2),
            wide=round(room * 0.7, 2),
            high=round(high_of(figure, greatest), 2),
        )
        for number, (name, figure) in enumerate(figures)
    ]


def high_of(figure: int, greatest: int) -> float:
    return (HIGH - BOTTOM - TOP) * figure / greatest


def line_of(scores: Sequence[int]) -> str:
    """A path through scores (trillionths), from the left edge to the right one."""
    last = max(1, len(scores) - 1)
    points = [
        f"{LEFT + (WIDE - LEFT) * number / last:.1f} {level_of(score):.1f}"
        for number, score in enumerate(scores)
    ]
    return "M" + " L".join(points)


def level_of(score: int) -> float:
    """How deep a score lies: 1 at the top."""
    return HIGH - BOTTOM - (HIGH - BOTTOM - TOP) * score / ONE


def climb(*, with_same: bool) -> list[int]:
    """Scores of a stranger who completes one leg after another, for the same party or for new ones
    each time.
    """
    scores = [STRANGER.score]
    for number in range(STEPS):
        before = number if with_same else 0
        scores.append(score_after(scores[-1], SeenKind.COMPLETED, dealings_before=before))
    return scores
