"""What an event makes of the state, before anything is decided about copies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from basis.errors import Conflict, NotFound
from orca.planning import events, images, volumes
from orca.planning.builds import build_of
from orca.planning.releases import Change, Declaration, Release, change_between, fingerprint
from orca.planning.reports import take_report
from orca.planning.states import HISTORY_MAX, Copy, NodeState, Rollout, ServiceState, State
from orca.scheduling import GpuDevice, Node
from orca.spec import Machine, bytes_of, numbered


class NoSuchService(NotFound):
    """A name that nothing was deployed under."""


class NoSuchNode(NotFound):
    """A node that never joined, or was forgotten."""


class NothingToGoBackTo(Conflict):
    """A rollback without a release that served before."""


class NoRollout(Conflict):
    """Nothing is on its way that could be promoted or aborted."""


class Behind(Conflict):
    """The nodes obey something newer than what is known here."""


class EmptyDeploy(Conflict):
    """A view of everything in which there is nothing: more likely a mistake than a wish."""


ALWAYS = (
    events.Report, events.Join, events.Forget, events.Lead, events.Tick,
    events.ImageFound, events.ImageAway,
)  # fmt: skip
"""What is listened to even then."""
REVISIONS_AHEAD = 1_000_000


def apply(state: State, event: events.Event) -> State:
    """Raises a refusal, and then nothing has happened."""
    if state.ahead and not isinstance(event, ALWAYS):
        raise Behind(f"{state.ahead}.")
    return RULES[type(event)](state, event)


def deploy(state: State, event: events.Deploy) -> State:
    services = dict(state.services)
    for declared in event.services:
        services[declared.id] = deployed(state, declared)
    if event.is_whole:
        if not event.services:
            raise EmptyDeploy("Nothing is declared. To remove a service, declare the others.")
        names = {declared.id for declared in event.services}
        for name in sorted(set(services) - names):
            services[name] = replace(services[name], is_removed=True)
    return replace(state, services=services, nodes=nodes_by(state, event.machines))


def nodes_by(state: State, machines: Mapping[str, Machine] | None) -> Mapping[str, NodeState]:
    """When they were heard last stays as it is: one that is away is not back by that."""
    if machines is None:
        return state.nodes
    return {
        name: replace(known, node=described(known.node, machines.get(name)))
        for name, known in state.nodes.items()
    }


def described(node: Node, machine: Machine | None) -> Node:
    """A node with what only people know of it."""
    if machine is None:
        return replace(node, labels={}, gpus=())
    return replace(node, labels=dict(machine.labels), gpus=gpus_of(machine))


def gpus_of(machine: Machine) -> tuple[GpuDevice, ...]:
    return tuple(
        GpuDevice(number, device.vendor, device.model, bytes_of(device.vram))
        for number, device in numbered(machine)
    )


def deployed(state: State, declared: Declaration) -> ServiceState:
    service = state.services.get(declared.id)
    if service is None:
        homes = volumes.homes_for(state, declared.id)
        return ServiceState(declared.id, Release(1, declared), Rollout(None), homes=homes)
    spec = declared.service
    scaled = None if spec.replicas != service.spec.replicas else service.scaled
    back = replace(service, scaled=scaled, is_removed=False)
    declared = meaning_the_same(service.target.declared, declared)
    if change_between(service.target.declared, declared) is not Change.REPLACED:
        return sought_anew(back.with_target(in_place(service.target, declared)))
    rollout = service.rollout
    if rollout is not None and rollout.before and is_same(rollout.before.declared, declared):
        return heading_back(replace(back, verdict=""), in_place(rollout.before, declared))
    return heading_to(back, Release(next_number(service), declared))


def meaning_the_same(known: Declaration, declared: Declaration) -> Declaration:
    """A name that is as it was means what it meant: nothing is changed that the plan did not show.
    To look it up again is what `Redeploy` is for.
    """
    is_image = declared.service.image == known.service.image
    is_build = not declared.context or is_same_build(known, declared)
    if not (is_image and is_build and (known.digest or known.is_sought)):
        return declared
    return replace(declared, digest=known.digest, is_sought=known.is_sought)


def sought_anew(service: ServiceState) -> ServiceState:
    """Whoever asks once more has mended something: what was looked for in vain begins again."""
    if service.rollout is None or not service.rollout.tries:
        return service
    return replace(service, rollout=replace(service.rollout, tries=0, why=""))


def is_same(before: Declaration, after: Declaration) -> bool:
    is_context = before.context == after.context
    return is_context and fingerprint(before.service) == fingerprint(after.service)


def is_same_build(before: Declaration, after: Declaration) -> bool:
    return bool(before.context) and build_of(before) == build_of(after)


def in_place(release: Release, declared: Declaration) -> Release:
    """The same containers, asked for and placed in another way. What they run stays."""
    known = release.declared
    same = replace(declared, digest=known.digest, is_sought=known.is_sought)
    return replace(release, declared=same)


def next_number(service: ServiceState) -> int:
    known = [service.target.number, *(each.number for each in service.history)]
    return 1 + max(known)


def heading_to(service: ServiceState, release: Release) -> ServiceState:
    """A new release is on its way. What to go back to is what served last, also while that is
    just being gone back to.
    """
    rollout = service.rollout
    before = rollout.before if rollout and not rollout.is_back else service.target
    # A canary beside nothing would be a share of nothing.
    is_canary = release.service.deploy.strategy == "canary" and before is not None
    return remembered(
        replace(service, target=release, verdict="", rollout=Rollout(before, is_canary=is_canary)),
        release,
    )


def heading_back(service: ServiceState, release: Release) -> ServiceState:
    return replace(service, target=release, rollout=Rollout(None, is_back=True))


def remembered(service: ServiceState, release: Release) -> ServiceState:
    history = [each for each in service.history if each.number != release.number]
    return replace(service, history=(*history, release)[-HISTORY_MAX:])


def redeploy(state: State, event: events.Redeploy) -> State:
    service = load(state, event.service)
    known = service.target.declared
    meant = replace(known, digest=event.digest or known.digest, is_sought=event.is_sought)
    return put(state, heading_to(service, Release(next_number(service), meant)))


def scale(state: State, event: events.Scale) -> State:
    return put(state, replace(load(state, event.service), scaled=max(0, event.replicas)))


def stop(state: State, event: events.Stop) -> State:
    return put(state, replace(load(state, event.service), is_stopped=True))


def resume(state: State, event: events.Resume) -> State:
    return put(state, replace(load(state, event.service), is_stopped=False))


def rollback(state: State, event: events.Rollback) -> State:
    service = load(state, event.service)
    # Going back twice goes back further, never forth again.
    here = service.target.restores or service.target.number
    served = [
        each
        for each in service.history
        if each.has_served and each.restores is None
        if (each.number < here if event.to is None else each.number == event.to)
    ]
    if not served:
        raise NothingToGoBackTo(
            f"{service.id} has no release {event.to or 'before this one'} that has served."
        )
    found = served[-1]
    if service.rollout and service.rollout.before and service.rollout.before.number == found.number:
        return put(state, heading_back(service, service.rollout.before))
    again = Release(next_number(service), found.declared, restores=found.number)
    back = heading_to(service, again)
    assert back.rollout
    return put(state, replace(back, rollout=replace(back.rollout, is_canary=False)))


def promote(state: State, event: events.Promote) -> State:
    service = load(state, event.service)
    if not (service.rollout and service.rollout.is_canary):
        raise NoRollout(f"{service.id} has no canary to promote.")
    rollout = replace(service.rollout, is_canary=False)
    return put(state, replace(service, rollout=rollout))


def abort(state: State, event: events.Abort) -> State:
    service = load(state, event.service)
    if not (service.rollout and service.rollout.before):
        raise NoRollout(f"{service.id} has nothing on its way that could be aborted.")
    verdict = f"Release {service.target.number} was aborted."
    back = heading_back(service, service.rollout.before)
    return put(state, replace(back, verdict=verdict))


def drain(state: State, event: events.Drain) -> State:
    return set_draining(state, event.node, is_draining=True)


def undrain(state: State, event: events.Undrain) -> State:
    return set_draining(state, event.node, is_draining=False)


def set_draining(state: State, name: str, *, is_draining: bool) -> State:
    found = load_node(state, name)
    node = replace(found.node, is_draining=is_draining)
    return replace(state, nodes={**state.nodes, name: replace(found, node=node)})


def join(state: State, event: events.Join) -> State:
    known = state.nodes.get(event.node.name)
    if known is None:
        found = NodeState(event.node, heard=state.clock)
    else:
        node = replace(event.node, is_draining=known.node.is_draining)
        # To describe a node, as a deploy does, is no sign of life: only its reports are.
        found = replace(known, node=node)
    return replace(state, nodes={**state.nodes, event.node.name: found})


def forget(state: State, event: events.Forget) -> State:
    load_node(state, event.node)
    nodes = {name: node for name, node in state.nodes.items() if name != event.node}
    services = {
        name: replace(
            service,
            copies=tuple(copy for copy in service.copies if copy.node != event.node),
            homes={slot: at for slot, at in service.homes.items() if at != event.node},
        )
        for name, service in state.services.items()
    }
    kept = volumes.without_node(state.kept, event.node)
    return replace(state, nodes=nodes, services=services, kept=kept)


def lead(state: State, event: events.Lead) -> State:
    """The revisions go beyond all that any node may obey, also one that is heard of later. Where
    nobody obeys anything newer, nothing is to be done.
    """
    if event.node is not None:
        return overrule(state, event.node)
    if state.ahead is None:
        return state
    leading = state.leading()
    revision = max(state.nodes[name].ahead for name in leading) + REVISIONS_AHEAD
    nodes = {
        name: replace(node, never_given=(0, 0), due=revision)
        if name in leading
        else replace(node, due=revision)
        for name, node in state.nodes.items()
    }
    services = {
        name: replace(service, copies=tuple(left_anew(copy, revision) for copy in service.copies))
        for name, service in state.services.items()
    }
    return replace(state, revision=revision, routed_at=revision, nodes=nodes, services=services)


def overrule(state: State, name: str) -> State:
    """One node is wrong. It is told all of it anew, and listened to whatever it has counted."""
    found = load_node(state, name)
    told = replace(found, last=(0, 0), is_overruled=found.ahead > 0)
    return replace(state, nodes={**state.nodes, name: told})


def left_anew(copy: Copy, revision: int) -> Copy:
    """What was let go is gone when this revision is obeyed, not an earlier one of another story."""
    return copy if copy.is_live else replace(copy, left_at=revision)


def load(state: State, name: str) -> ServiceState:
    if name not in state.services:
        known = ", ".join(sorted(state.services)) or "none"
        raise NoSuchService(f"There is no service {name}. Known are: {known}.")
    return state.services[name]


def load_node(state: State, name: str) -> NodeState:
    if name not in state.nodes:
        known = ", ".join(sorted(state.nodes)) or "none"
        raise NoSuchNode(f"There is no node {name}. Known are: {known}.")
    return state.nodes[name]


def put(state: State, service: ServiceState) -> State:
    return replace(state, services={**state.services, service.id: service})


def nothing(state: State, _event: events.Tick) -> State:
    return state


RULES: Mapping[type, Callable[[State, Any], State]] = {
    events.Deploy: deploy,
    events.Redeploy: redeploy,
    events.ImageFound: images.found,
    events.ImageAway: images.away,
    events.Scale: scale,
    events.Stop: stop,
    events.Resume: resume,
    events.Rollback: rollback,
    events.Promote: promote,
    events.Abort: abort,
    events.Drain: drain,
    events.Undrain: undrain,
    events.Join: join,
    events.Forget: forget,
    events.GiveUp: volumes.give_up,
    events.Lead: lead,
    events.Report: take_report,
    events.Tick: nothing,
}
