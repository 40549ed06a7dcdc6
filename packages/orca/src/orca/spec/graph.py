"""Circles in a graph of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def cycles(graph: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """One circle of each knot of names that wait for each other, beginning at its first name.

    Names that nobody waits for are taken away, and those that wait for nobody, until only knots and
    the ways between them stay. From the first name left one goes on until one comes by again.
    """
    left = {name: set(ahead) & set(graph) for name, ahead in graph.items()}
    found = []
    while left := trimmed(left):
        circle = walk(left, min(left))
        first = circle.index(min(circle))
        found.append((*circle[first:], *circle[:first]))
        for name in circle:
            del left[name]
    return sorted(found)


def trimmed(graph: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The graph without ends: every name that stays leads on."""
    left = dict(graph)
    while True:
        kept = {name: ahead & set(left) for name, ahead in left.items() if ahead & set(left)}
        if len(kept) == len(left):
            return kept
        left = kept


def walk(graph: Mapping[str, set[str]], start: str) -> tuple[str, ...]:
    way: list[str] = []
    here = start
    while here not in way:
        way.append(here)
        here = min(graph[here])
    return tuple(way[way.index(here) :])
