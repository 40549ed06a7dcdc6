"""What a node makes of what it is told: the part of an agent that can be decided purely. The agent
and the machines of the simulation both obey by it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from orca.planning.events import Count, Route, Run, Wanted
from orca.planning.states import Routes
from orca.scheduling import CopyId


@dataclass(frozen=True, slots=True)
class Orders:
    """What an agent finds again after it died: how often it was started, and what it obeys."""

    start: Count = 0
    applied: Count = 0
    wanted: tuple[Wanted, ...] = ()
    routed: Count = 0
    routes: Routes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duties:
    """What is not as it is wanted."""

    begin: tuple[Wanted, ...] = ()
    end: tuple[CopyId, ...] = ()


def hear(orders: Orders, message: Run | Route) -> Orders:
    """Old news are not listened to, unless what is obeyed was never given."""
    if isinstance(message, Run):
        if is_old(message, orders.applied):
            return orders
        return replace(orders, applied=message.revision, wanted=message.wanted)
    if is_old(message, orders.routed):
        return orders
    return replace(orders, routed=message.revision, routes=message.table)


def is_old(message: Run | Route, obeyed: int) -> bool:
    """Exactly what it is told instead of: a message that comes late must not undo a newer one."""
    return message.revision <= obeyed and obeyed != message.instead_of


def duties(orders: Orders, held: Collection[CopyId]) -> Duties:
    """`held` are all containers that there are, running or not. Whoever was never told anything
    touches nothing: it may have forgotten.
    """
    if not orders.applied:
        return Duties()
    wanted = {each.copy: each for each in orders.wanted}
    end = tuple(sorted(copy for copy in held if copy not in wanted))
    begin = tuple(
        each
        for copy, each in wanted.items()
        # What is to end may have the GPU: this node was told of it by another story.
        if copy not in held and not volume_is_held(each, held) and not (each.gpus and end)
    )
    return Duties(begin, end)


def volume_is_held(wanted: Wanted, held: Collection[CopyId]) -> bool:
    """An engine lets two containers mount one volume; an agent does not."""
    if not wanted.declared.service.volumes:
        return False
    mine = (wanted.copy.service, wanted.copy.slot)
    return any((other.service, other.slot) == mine for other in held)
