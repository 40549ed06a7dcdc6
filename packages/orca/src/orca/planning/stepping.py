"""The whole of it as one function: what happened makes of a state the next one, and says what is to
be done. Whoever calls it stores the state before anything is done.
"""

from __future__ import annotations

from dataclasses import replace

from orca.planning.apply import apply
from orca.planning.asking import in_force
from orca.planning.events import Event, Join, Report, Route, Run, Step, Tick, Wanted
from orca.planning.resting import comes_to_rest, rests_on
from orca.planning.settle import settle
from orca.planning.states import NodeState, Phase, State


def step(state: State, event: Event, now: int) -> tuple[State, tuple[Step, ...]]:
    """`now` is the wall's clock in milliseconds. Raises a refusal for what cannot be asked."""
    timed = advance(state, now)
    if isinstance(event, Tick) and timed.rests:
        return timed, steps_for(timed, event, changed=False)
    applied = apply(timed, event)
    if applied.ahead:
        return replace(applied, rests=False), ()
    if isinstance(event, Report) and not is_news(timed, applied, event.node):
        return applied, steps_for(applied, event, changed=False)
    settled = settle(applied)
    settled = replace(settled, rests=comes_to_rest(applied, settled))
    after = numbered(timed, settled)
    return after, steps_for(after, event, changed=after.revision != state.revision)


def advance(state: State, now: int) -> State:
    """Time goes on by as much as the wall's clock did, unless that ran back or leapt: then nobody
    has been silent for that long, the control plane itself was away.
    """
    gone = 0 if state.wall is None else min(max(now - state.wall, 0), state.patience.leap_ms_max)
    clock = state.clock + gone
    return replace(state, wall=now, clock=clock, rests=rests_on(state, clock))


def is_news(before: State, after: State, name: str) -> bool:
    """Whether a report says anything but that all is as it was. Most do not, and what only time
    decides is decided when time goes on.
    """
    old, new = before.nodes.get(name), after.nodes.get(name)
    if old is None or new is None or before.is_away(name):
        return old is not new
    said = ("applied", "routes", "never_given", "engine", "edge")
    is_other = any(getattr(old, each) != getattr(new, each) for each in said)
    return is_other or before.services != after.services


def numbered(before: State, after: State) -> State:
    """A revision for what is wanted now, if it is not what was wanted."""
    revision = after.revision + 1
    nodes = {
        name: replace(node, due=revision) if is_due(before, after, name) else node
        for name, node in after.nodes.items()
    }
    is_routed = after.routes != before.routes
    if not is_routed and nodes == after.nodes:
        return after
    return replace(
        after,
        nodes=nodes,
        revision=revision,
        routed_at=revision if is_routed else after.routed_at,
    )


def is_due(before: State, after: State, node: str) -> bool:
    return node not in before.nodes or wanted_on(before, node) != wanted_on(after, node)


def wanted_on(state: State, node: str) -> tuple[Wanted, ...]:
    """Exactly what a node shall run, in the order of the ids."""
    found = [
        Wanted(copy.id, copy.release.number, in_force(service, copy.release).declared, copy.gpus)
        for service in state.services.values()
        for copy in service.copies
        if copy.node == node and copy.phase is not Phase.ENDING
    ]
    return tuple(sorted(found, key=lambda wanted: wanted.copy))


def steps_for(state: State, event: Event, *, changed: bool) -> tuple[Step, ...]:
    """What nodes do not obey yet. All are told of a change; who reports is told what it lacks; and
    with time all are told again, since words get lost.
    """
    told = list(state.nodes) if changed or isinstance(event, Tick) else []
    if isinstance(event, Report | Join):
        told = sorted({*told, name_in(event)} & set(state.nodes))
    steps: list[Step] = []
    for name in sorted(told):
        steps += steps_of(state, name, state.nodes[name])
    return tuple(steps)


def name_in(event: Report | Join) -> str:
    return event.node if isinstance(event, Report) else event.node.name


def steps_of(state: State, name: str, node: NodeState) -> list[Step]:
    orders, routes = node.never_given if node.is_overruled else (0, 0)
    steps: list[Step] = []
    if node.applied < node.due:
        steps.append(Run(name, state.revision, wanted_on(state, name), orders))
    if node.routes < state.routed_at:
        steps.append(Route(name, state.revision, state.routes, routes))
    return steps
