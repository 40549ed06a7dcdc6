"""Numbers by which a list stands in order, some of which may not be changed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basis.errors import Invalid

STEP = 100
"""Between neighbours, so that a house finds room between things that all houses share."""


class NoRoom(Invalid):
    """Between two numbers that stay there are too few for what is to stand there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A thing with its number; only those that are free get another one."""

    id: str
    number: int
    is_free: bool


def numbers_for(wanted: Sequence[Place]) -> dict[str, int]:
    """The new number of each free thing, so that the numbers rise along the list.

    Raises NoRoom.
    """
    if all(place.is_free for place in wanted):
        return {place.id: STEP * at for at, place in enumerate(wanted, 1)}
    numbers: dict[str, int] = {}
    run: list[str] = []
    low = -1
    for place in wanted:
        if place.is_free:
            run.append(place.id)
            continue
        numbers |= between(run, low, place.number)
        run, low = [], place.number
    return numbers | between(run, low, low + STEP * (len(run) + 1))


def between(ids: Sequence[str], low: int, high: int) -> dict[str, int]:
    """Evenly between two numbers, touching neither."""
    step = (high - low) // (len(ids) + 1)
    if ids and step < 1:
        raise NoRoom(
            "There is no room between two that all houses share. Somebody who works for all of "
            "them can put the whole list in order once; then there is."
        )
    return {one: low + step * at for at, one in enumerate(ids, 1)}
