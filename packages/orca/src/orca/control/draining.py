"""What a drain has come to: what is on its way elsewhere, and what stays and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from orca.control.outcomes import Found, Outcome, ends_later, is_overdue
from orca.planning import Copy, Phase, ServiceState, State, reason_for_no_place

Left = tuple[ServiceState, Copy]


def outcome_of_drain(state: State, node: str) -> list[Found]:
    """One for the node, or one for each copy that is on it still."""
    known = state.nodes.get(node)
    if known is None:
        return [(Outcome.DONE, f"{node} was forgotten.")]
    if not known.node.is_draining:
        return [(Outcome.DONE, f"{node} takes copies again.")]
    return [outcome_of_left(state, service, copy) for service, copy in left_on(state, node)]


def left_on(state: State, node: str) -> Iterator[Left]:
    for _, service in sorted(state.services.items()):
        yield from ((service, copy) for copy in service.copies if copy.node == node)


def outcome_of_left(state: State, service: ServiceState, copy: Copy) -> Found:
    if ends_later(state, copy):
        return Outcome.DONE, f"{copy.id} ends when {copy.node} is back."
    if not copy.is_live:
        return Outcome.RUNNING, ""
    if pin := pinned_by(service, copy):
        return Outcome.DONE, f"{copy.id} stays on {copy.node}: {pin}."
    if late := next((each for each in service.copies if is_late(state, service, each)), None):
        said = f": {late.reason}" if late.reason else ""
        return Outcome.FAILED, f"{copy.id} stays on {copy.node}: {late.id} does not come up{said}."
    why = reason_for_no_place(state, service, copy)
    if why is None or is_moving(state):
        return Outcome.RUNNING, ""
    return Outcome.FAILED, f"{copy.id} stays on {copy.node}: {why}"


def pinned_by(service: ServiceState, copy: Copy) -> str:
    """What keeps a copy where it is, whatever the other nodes have."""
    spec = service.spec
    if spec.volumes and service.home_of(copy.id.slot) == copy.node:
        names = " and ".join(volume.name for volume in spec.volumes)
        return f"its volume {names} is here"
    return "the service asks for this node" if spec.placement.node == copy.node else ""


def is_late(state: State, service: ServiceState, copy: Copy) -> bool:
    return copy.phase is Phase.STARTING and is_overdue(state, service, copy)


def is_moving(state: State) -> bool:
    """Something begins or ends, so that there may be room in a moment. What never comes up or ends
    on a node that is out of sight is not waited for.
    """
    return any(
        copy.phase is not Phase.SERVING
        and not state.is_out_of_sight(copy.node)
        and not is_late(state, service, copy)
        for service in state.services.values()
        for copy in service.copies
    )
