"""What the pages showed last, for the minutes in which the books cannot be reached.

A guest who comes then sees the menu and is told that ordering is paused. Nothing can be ordered
from a memory: every order is checked against the books.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kitchenasty import menu
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.locations import House
from kitchenasty.promotions import Promotion
from kitchenasty.reviews import Summary
from kitchenasty.storefront.views import Doors, DoorState, HappyMenu, doors_of, happy_menu

HOUSES_MAX = 200
PAUSED = (
    "Ordering is paused for the moment: we cannot reach our order book. This is the menu as we "
    "last saw it. Please try again in a minute."
)


@dataclass(frozen=True, slots=True)
class Counter:
    """A house with what it sells and what is left of it, read at one moment."""

    house: House
    book: menu.MenuBook
    left: Mapping[str, menu.Availability]
    promotions: tuple[Promotion, ...] = ()
    rating: Summary | None = None
    takes_reservations: bool = False
    is_from_memory: bool = False

    def happy(self, now: datetime) -> HappyMenu:
        """What makes dishes cheaper by itself at this moment."""
        holding = [one for one in self.promotions if one.holds_at(now, self.house.zone)]
        return happy_menu(holding, self.book)

    def doors(self, now: datetime) -> Doors:
        """From memory, nobody can order."""
        doors = doors_of(self.house, now)
        if self.is_from_memory and doors.state is not DoorState.CLOSED:
            return replace(doors, state=DoorState.PAUSED, message=PAUSED)
        return doors


class Memory:
    """The counters of one process by the address of their house."""

    def __init__(self) -> None:
        self._counters: dict[str, Counter] = {}

    def keep(self, counter: Counter) -> None:
        if len(self._counters) >= HOUSES_MAX:
            self._counters.clear()
        self._counters[counter.house.slug] = counter

    def forget_all_but(self, slugs: set[str]) -> None:
        """These are the houses that are shown now."""
        for slug in self._counters.keys() - slugs:
            del self._counters[slug]

    def recall(self, slug: str) -> Counter | None:
        known = self._counters.get(slug)
        return replace(known, is_from_memory=True) if known else None

    def recall_all(self) -> list[Counter]:
        """By name, as the list of houses shows them."""
        known = sorted(self._counters.values(), key=lambda counter: counter.house.name)
        return [replace(counter, is_from_memory=True) for counter in known]


def memory_of(request: WebRequest) -> Memory:
    """The process's memory, made when the first page is shown."""
    state = request.app.state
    if "storefront_memory" not in state:
        state.storefront_memory = Memory()
    memory: Memory = state.storefront_memory
    return memory
