"""The cheapest chain of bids that carries a job."""

from __future__ import annotations

from dataclasses import dataclass

from swarmhaul.matching.beam import walk_beam
from swarmhaul.matching.bids import LEG_BITS, Book, Trip
from swarmhaul.matching.bounds import completions
from swarmhaul.matching.hops import UNREACHED, Ground, survey
from swarmhaul.matching.search import Found, Search

LABELS_MAX = 50_000
"""About half a second. Books of ten bids an agent need some hundred; only bids made to conflict
with each other come near.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Bids in the order in which they carry. `cost` is what they ask for, `compared_as` the same
    with the nudge of their names (lamports). `is_proven`: no chain is compared as less, and none
    of the same price is shorter.
    """

    bids: tuple[str, ...]
    cost: int
    compared_as: int
    is_proven: bool


def find_chain(trip: Trip, book: Book, *, labels_max: int = LABELS_MAX) -> Chain | None:
    """The cheapest chain from origin to destination: at most `leg_count_max` legs, nobody twice,
    each hand-over within the radius and in time, the sum of the bids within the budget.

    The same bids give the same chain in whatever order they came. None: there is no such chain,
    or, once the labels are used up, none was found. Raises BidUnfit for a trip that cannot be.
    """
    trip.check()
    found, is_proven, labels_left = None, True, labels_max
    ground = survey(trip, book)
    # With few legs first: their price is one that longer chains have to beat.
    for legs in range(1, trip.leg_count_max + 1):
        search = prepare(ground, legs, found)
        if search is None:
            continue
        is_proven = search.run(labels_left)
        if not is_proven:
            break
        found, labels_left = search.best, labels_left - search.labels_made
    if not is_proven:
        search = prepare(ground, trip.leg_count_max, found)
        found = walk_beam(search) if search else found
    return found and told(book, found, is_proven=is_proven)


def prepare(ground: Ground, legs: int, found: Found | None) -> Search | None:
    """The search for something cheaper, unless nobody starts at the origin."""
    hops = ground.lay_out(legs, UNREACHED if found is None else found.key)
    return Search(hops, completions(hops), found) if len(hops.starts) else None


def told(book: Book, found: Found, *, is_proven: bool) -> Chain:
    return Chain(
        bids=tuple(book.ids[row] for row in found.path),
        cost=sum(int(book.costs[row]) for row in found.path),
        compared_as=found.key >> LEG_BITS,
        is_proven=is_proven,
    )
