"""What a control plane finds again after it died: what it had written, and of nodes not when they
were heard. So does `control.keeping`, on a real disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from operator import attrgetter

from orca.planning import NodeState, State, dump, load

WRITTEN = attrgetter(
    *(each.name for each in fields(NodeState) if each.name not in {"heard", "last"})
)


@dataclass
class Stored:
    """The disk of the control plane. On a full one nothing can be written."""

    state: State = field(default_factory=State)
    is_full: bool = False

    def keep(self, state: State) -> bool:
        """Whether it is safe. That only time went on is not written."""
        if is_same(self.state, state):
            return True
        if self.is_full:
            return False
        self.state = state
        return True

    def read(self) -> State:
        """As the next control plane reads it: all nodes have their time to be heard again."""
        stored = load(dump(self.state))
        nodes = {name: unheard(node, stored.clock) for name, node in stored.nodes.items()}
        return replace(stored, nodes=nodes, rests=False)


def is_same(before: State, after: State) -> bool:
    if before.revision != after.revision or before.services != after.services:
        return False
    if before.routes != after.routes or before.nodes.keys() != after.nodes.keys():
        return False
    return all(is_same_node(node, after.nodes[name]) for name, node in before.nodes.items())


def is_same_node(before: NodeState, after: NodeState) -> bool:
    return before is after or WRITTEN(before) == WRITTEN(after)


def unheard(node: NodeState, clock: int) -> NodeState:
    return replace(node, heard=clock, last=(0, 0))
