"""The plan's state in the store: a key for each service and node, so that a change writes what it
changed, in one transaction, and only if nobody else has written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from orca.planning import Kept, NodeState, Routes, ServiceState, State
from orca.store import NEVER, Compare, Delete, Put, Store

PREFIX = "plan/"
HEAD = f"{PREFIX}head"
ROUTES = f"{PREFIX}routes"
SERVICES = f"{PREFIX}services/"
NODES = f"{PREFIX}nodes/"
KEPT = f"{PREFIX}kept/"


class Head(msgspec.Struct, frozen=True):
    """What is neither of a service nor of a node."""

    revision: int = 0
    routed_at: int = 0
    clock: int = 0
    wall: int | None = None


@dataclass
class Keeper:
    """Who writes the state. `kept` is what it wrote last, by the keys."""

    store: Store
    kept: dict[str, Any] = field(default_factory=dict)
    head: int = NEVER
    """The revision of the store at which the head was written: nobody else writes it."""

    async def load(self) -> State:
        """When nodes were heard last is not kept: all have their time to be heard again."""
        found = await self.store.range(PREFIX)
        values = {entry.key: entry.value for entry in found.entries}
        self.head = next((entry.revision for entry in found.entries if entry.key == HEAD), NEVER)
        head = msgspec.json.decode(values.pop(HEAD, b"{}"), type=Head)
        routes = msgspec.json.decode(values.pop(ROUTES, b"{}"), type=Routes)
        state = State(
            services={
                key.removeprefix(SERVICES): msgspec.json.decode(value, type=ServiceState)
                for key, value in values.items()
                if key.startswith(SERVICES)
            },
            nodes={
                key.removeprefix(NODES): replace(
                    msgspec.json.decode(value, type=NodeState), heard=head.clock
                )
                for key, value in values.items()
                if key.startswith(NODES)
            },
            kept={
                key.removeprefix(KEPT): msgspec.json.decode(value, type=Kept)
                for key, value in values.items()
                if key.startswith(KEPT)
            },
            routes=routes,
            revision=head.revision,
            routed_at=head.routed_at,
            clock=head.clock,
            wall=head.wall,
        )
        self.kept = pieces_of(state)
        return state

    async def save(self, state: State, also: Sequence[Put | Delete] = ()) -> None:
        """On the disk when this returns. That only time went on is not written. Raises
        ChangedMeanwhile when another process has written, StoreAway.
        """
        pieces = pieces_of(state)
        puts = [
            Put(key, msgspec.json.encode(piece))
            for key, piece in pieces.items()
            if not is_same(self.kept.get(key), piece)
        ]
        gone = [Delete(key) for key in self.kept if key not in pieces]
        if not puts and not gone and not also:
            return
        head = Head(state.revision, state.routed_at, state.clock, state.wall)
        self.head = await self.store.transact(
            [*puts, *gone, *also, Put(HEAD, msgspec.json.encode(head))],
            compares=[Compare(HEAD, self.head)],
        )
        self.kept = pieces


def is_same(before: Any, after: Any) -> bool:
    return before is after or before == after


def pieces_of(state: State) -> dict[str, Any]:
    """What is worth writing. Of a node not when it was heard: that changes all the time."""
    return {
        ROUTES: state.routes,
        **{SERVICES + name: service for name, service in state.services.items()},
        **{KEPT + name: kept for name, kept in state.kept.items()},
        **{NODES + name: replace(node, heard=0, last=(0, 0)) for name, node in state.nodes.items()},
    }
