"""On which days guests were new to a house, and on which they came again. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from kitchenasty.reports.entries import Figure, Figures, Kind, Place, gather


class Visit(NamedTuple):
    """A guest bought something in a house on a day, once or more often."""

    house_id: str
    guest: str
    day: str


def figures_of_visits(visits: Iterable[Visit]) -> dict[str, Figures]:
    """By house. A guest counts once among the new ones, and once for each day on which they came
    again, under the day on which they had come last: whoever came between two days and had come
    before is found by this, once, without knowing who it is.
    """
    days: dict[tuple[str, str], list[str]] = defaultdict(list)
    for visit in visits:
        days[visit.house_id, visit.guest].append(visit.day)
    found: dict[str, list[tuple[Place, Figure]]] = defaultdict(list)
    for (house_id, _), own in days.items():
        found[house_id].extend(entries_of_guest(sorted(own)))
    return {house_id: gather(entries) for house_id, entries in found.items()}


def entries_of_guest(days: list[str]) -> Iterator[tuple[Place, Figure]]:
    yield Place(days[0], Kind.NEW_GUEST, ""), Figure(times=1)
    for before, day in pairwise(days):
        yield Place(day, Kind.RETURN, before), Figure(times=1)
