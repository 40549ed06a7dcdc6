"""Bars with an axis, drawn by the server: numbers in, places in an SVG out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 4, 12, 26
LABELS_MAX = 7
GAP = 0.22
"""Of a bar's place, what is left free."""
TICKS = 4
NICE = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """`words` is what the bar says to whoever points at it or hears it."""

    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the axis with its number, or a label below a bar."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    ticks: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def draw_bars(
    values: Sequence[int],
    labels: Sequence[str],
    words: Sequence[str],
    *,
    unit: int,
    number: Callable[[int], str],
) -> Chart:
    """One bar for each value from 0 up; less than nothing is drawn as nothing. `unit` is the
    smallest step that the axis may have, `number` writes a value beside it.
    """
    step = step_of(max(values, default=0), unit)
    top = step * max(1, -(-max([*values, 1]) // step))
    tall = HEIGHT - TOP - BOTTOM
    place = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    bars = []
    for n, (value, told) in enumerate(zip(values, words, strict=True)):
        height = tall * max(0, value) / top
        x = LEFT + place * (n + GAP / 2)
        bars.append(
            Bar(round(x, 1), round(TOP + tall - height, 1), round(place * (1 - GAP), 1),
                round(height, 1), told)
        )  # fmt: skip
    ticks = tuple(
        Mark(round(TOP + tall - tall * value / top, 1), number(value))
        for value in range(0, top + 1, step)
    )
    return Chart(tuple(bars), ticks, tuple(thinned(labels, place)))


def step_of(most: int, unit: int) -> int:
    """A round distance between the lines of the axis, so that there are about four."""
    wanted = max(most / TICKS, unit)
    size = unit
    while size * NICE[-1] < wanted:
        size *= NICE[-1]
    return next(size * nice for nice in NICE if size * nice >= wanted)


def thinned(labels: Sequence[str], place: float) -> list[Mark]:
    """As many labels as one can read, evenly, the first among them."""
    every = max(1, -(-len(labels) // LABELS_MAX))
    return [
        Mark(round(LEFT + place * (n + 0.5), 1), label)
        for n, label in enumerate(labels)
        if n % every == 0
    ]
