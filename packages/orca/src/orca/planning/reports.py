"""What a node says about its containers, brought into the state; old news are left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orca.planning.events import Report, Seen
from orca.planning.states import Copy, NodeState, Phase, ServiceState, State
from orca.scheduling import CopyId

GENERATIONS_AHEAD = 1_000_000
"""More than anybody begins between two backups: a node may say what it likes."""


def take_report(state: State, report: Report) -> State:
    """A report of a node that is not known, or older than the last, changes nothing."""
    node = state.nodes.get(report.node)
    if node is None or (report.start, report.number) <= node.last:
        return state
    orders, routes = never_given(state, node, report)
    heard = replace(
        node,
        heard=state.clock,
        last=(report.start, report.number),
        # Who obeys what nobody gave obeys nothing that was given.
        applied=0 if orders else report.applied,
        routes=0 if routes else report.routes,
        engine=report.engine,
        edge=report.edge,
        edge_since=since_when(state, node, report),
        never_given=(orders, routes),
        is_overruled=node.is_overruled and bool(orders or routes),
    )
    obeying = replace(report, applied=heard.applied)
    seen = {each.copy: each for each in report.running}
    known = state.services
    if heard.ahead:
        known = {name: with_names(service, seen) for name, service in known.items()}
    services = {
        name: with_seen(service, obeying, seen, state.clock) for name, service in known.items()
    }
    return replace(state, nodes={**state.nodes, report.node: heard}, services=services)


def since_when(state: State, node: NodeState, report: Report) -> int:
    """When the trouble of its edge began; without any nothing, or every report would be written."""
    if not report.edge:
        return 0
    return node.edge_since if node.edge else state.clock


def never_given(state: State, node: NodeState, report: Report) -> tuple[int, int]:
    """What the node claims beyond what there is. A claim stays one when the revisions have come so
    far meanwhile: that it says the same number does not mean that it has heard it.
    """
    orders, routes = (
        said if said > state.revision or said == before else 0
        for said, before in zip((report.applied, report.routes), node.never_given, strict=True)
    )
    return orders, routes


def with_seen(
    service: ServiceState, report: Report, seen: dict[CopyId, Seen], clock: int
) -> ServiceState:
    if all(copy.node != report.node for copy in service.copies):
        return service
    found = (
        after(copy, seen.get(copy.id), report.applied, clock)
        if is_told_of(copy, report, seen)
        else copy
        for copy in service.copies
    )
    return service.with_copies(tuple(copy for copy in found if copy is not None))


def is_as_known(copy: Copy, seen: Seen) -> bool:
    """Most reports say nothing new of most copies."""
    said = (seen.is_ready, seen.crashes, seen.reason, seen.address or copy.address)
    return said == (copy.is_ready, copy.crashes, copy.reason, copy.address)


def is_told_of(copy: Copy, report: Report, seen: dict[CopyId, Seen]) -> bool:
    """Who has seen nothing yet does not say that nothing is there."""
    return copy.node == report.node and (copy.id in seen or not report.is_blind)


def with_names(service: ServiceState, seen: Iterable[CopyId]) -> ServiceState:
    """No name is given again that runs somewhere, though nobody here knows who gave it."""
    most = service.generations + GENERATIONS_AHEAD
    found = [copy.generation for copy in seen if copy.service == service.id]
    generations = max([service.generations, *(each for each in found if each <= most)])
    return replace(service, generations=generations)


def after(copy: Copy, seen: Seen | None, applied: int, clock: int) -> Copy | None:
    """The copy as it was seen; None when it is gone for good.

    It is gone only when its node obeys the revision that let it go. An older report may have been
    written before the container was even begun.
    """
    if copy.phase is Phase.ENDING:
        return None if seen is None and applied >= copy.left_at else copy
    if seen is None:
        return replace(copy, is_ready=False) if copy.is_ready else copy
    if is_as_known(copy, seen) and not (copy.phase is Phase.STARTING and seen.is_ready):
        return copy
    known = replace(
        copy,
        is_ready=seen.is_ready if seen.is_asked else copy.is_ready,
        crashes=seen.crashes,
        reason=seen.reason,
        address=seen.address or copy.address,
    )
    if copy.phase is Phase.STARTING and seen.is_ready:
        return replace(known, phase=Phase.SERVING, since=clock)
    return known
