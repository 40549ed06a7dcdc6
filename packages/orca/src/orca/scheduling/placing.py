"""Finds nodes for copies that have none. What has a node keeps it: nothing is moved from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orca.scheduling.asks import Ask, Node, Placed, Refusal, Schedule
from orca.scheduling.constraints import objection_to
from orca.scheduling.rooms import Room, gpu_choices, rooms_of

LOOKS_MAX = 20_000

Rooms = dict[str, Room]


def schedule(nodes: Iterable[Node], placed: Iterable[Placed], asks: Iterable[Ask]) -> Schedule:
    """A node for each ask beside what is placed, or what each node lacks for it.

    The answer depends on what is given and never on its order.
    """
    rooms = rooms_of(nodes, placed)
    waiting = sorted(asks, key=lambda ask: hardness(ask, rooms))
    found, refused = place_greedily(rooms, waiting)
    if refused:
        better = search(rooms, waiting)
        found, refused = (better, []) if better is not None else (found, refused)
    return Schedule(
        tuple(sorted(found, key=lambda one: one.ask.copy)),
        tuple(sorted(refused, key=lambda one: one.copy)),
    )


def hardness(ask: Ask, rooms: Rooms) -> tuple[object, ...]:
    """Who has the least choice goes first, then who needs most."""
    choices = sum(objection_to(ask, room) is None for room in rooms.values())
    gpus = ask.gpu.count if ask.gpu else 0
    vram = ask.gpu.vram_bytes_min if ask.gpu else 0
    return (choices, -gpus, -vram, -ask.memory_bytes, -ask.cpu_milli, ask.copy)


def place_greedily(rooms: Rooms, asks: Iterable[Ask]) -> tuple[list[Placed], list[Refusal]]:
    left, found, refused = dict(rooms), [], []
    for ask in asks:
        one = next(choices_for(ask, left), None)
        if one is None:
            refused.append(Refusal(ask.copy, reasons(ask, left)))
            continue
        left[one.node] = left[one.node].taken_by(one)
        found.append(one)
    return found, refused


def choices_for(ask: Ask, rooms: Mapping[str, Room]) -> Iterator[Placed]:
    """The nodes that will do, the best first: apart from its own kind, then the tightest."""
    fitting = [room for room in rooms.values() if objection_to(ask, room) is None]
    for room in sorted(fitting, key=lambda room: preference(ask, room)):
        for gpus in gpu_choices(ask.gpu, room.gpus):
            yield Placed(ask, room.node.name, gpus)


def preference(ask: Ask, room: Room) -> tuple[object, ...]:
    crowd = room.neighbours(ask.copy) if ask.spread != "none" else 0
    # A node with GPUs stays free for who needs them, as long as there is another.
    wastes = bool(room.gpus) and ask.gpu is None
    return (crowd, wastes, -room.tightness(ask), room.node.name)


def reasons(ask: Ask, rooms: Mapping[str, Room]) -> dict[str, str]:
    said = {name: objection_to(ask, room) for name, room in rooms.items()}
    return {name: words for name, words in said.items() if words}


@dataclass(slots=True)
class Budget:
    """How many looks at all nodes are left."""

    left: int = LOOKS_MAX


def search(rooms: Rooms, asks: list[Ask]) -> list[Placed] | None:
    """A place for all of them, where going for the best at each step left somebody out."""
    if not all(has_a_choice(ask, rooms) for ask in asks):
        return None
    return search_on(rooms, asks, Budget())


def search_on(rooms: Rooms, asks: list[Ask], budget: Budget) -> list[Placed] | None:
    """The choices of the first in turn, then the rest; None too when the looks are used up."""
    if not asks:
        return []
    first, *rest = asks
    for one in choices_for(first, rooms):
        budget.left -= len(asks)
        if budget.left < 0:
            return None
        taken = {**rooms, one.node: rooms[one.node].taken_by(one)}
        if all(has_a_choice(ask, taken) for ask in rest):
            found = search_on(taken, rest, budget)
            if found is not None:
                return [one, *found]
    return None


def has_a_choice(ask: Ask, rooms: Rooms) -> bool:
    return any(objection_to(ask, room) is None for room in rooms.values())
