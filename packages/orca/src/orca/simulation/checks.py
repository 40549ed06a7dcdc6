"""What must hold at every moment, and what must hold soon after the faults have ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from orca.planning import (
    Copy,
    Phase,
    Report,
    Routes,
    ServiceState,
    State,
    Tick,
    limits_of,
    step,
    wanted_on,
)
from orca.scheduling import CopyId, Node
from orca.simulation.machines import Machine
from orca.simulation.wishes import QUIET
from orca.spec import Service, bytes_of, milli_of


class Broken(AssertionError):
    """Something that was promised does not hold."""


def check_step(before: State, after: State, ever: set[CopyId], *, is_wish: bool) -> None:
    """One decision, seen from outside."""
    check_rooms(after)
    for name, service in after.services.items():
        earlier = before.services.get(name)
        known = {copy.id: copy for copy in earlier.copies} if earlier else {}
        for copy in service.copies:
            if copy.id not in known:
                check_beginning(after, service, known, copy, ever)
        if not is_wish:
            check_retirement(after, service, known)
        if name == QUIET:
            check_quiet(after, name, known)
    if after.revision < before.revision:
        raise Broken("a revision went back")


def check_rooms(state: State) -> None:
    """No node is given more than it has, counting what is about to end."""
    given: dict[str, list[Service]] = {}
    for service in state.services.values():
        for copy in service.copies:
            given.setdefault(copy.node, []).append(copy.release.service)
    for name, services in given.items():
        if is_too_much(services, state.nodes[name].node):
            raise Broken(f"{name} was given more than it has")


def is_too_much(services: list[Service], node: Node) -> bool:
    """Counted here once more, not as the plan counts."""
    cpu = sum(milli_of(service.resources.cpu) for service in services)
    memory = sum(bytes_of(service.resources.memory) for service in services)
    return cpu > node.cpu_milli or memory > node.memory_bytes


def check_beginning(
    state: State,
    service: ServiceState,
    known: Mapping[CopyId, Copy],
    copy: Copy,
    ever: set[CopyId],
) -> None:
    """A name is given once, and what runs well is not replaced by its like."""
    if copy.id in ever:
        raise Broken(f"the name {copy.id} was given twice")
    held = {each.id for each in service.copies}
    for other in known.values():
        if service.spec.volumes and other.id.slot == copy.id.slot and other.id in held:
            raise Broken(f"{copy.id} was begun, and {other.id} may have its volume still")
        is_like = (other.id.slot, other.release.number) == (copy.id.slot, copy.release.number)
        if is_like and other.is_live and is_fine(state, other):
            raise Broken(f"{copy.id} was begun beside {other.id}, which is the same and fine")


def is_fine(state: State, copy: Copy) -> bool:
    """Nobody here asks for labels or for a certain node: a copy may stay unless its node is drained
    or was not heard of for long. Counted here once more.
    """
    found = state.nodes[copy.node]
    return not found.node.is_draining and state.clock - found.heard <= state.patience.lost_ms


def check_gone(before: State, after: State, machines: Mapping[str, Machine]) -> None:
    """What the control plane forgets is really gone; and nothing is ended that a proxy sends
    requests to which can be heard.
    """
    for name, service in before.services.items():
        left = {copy.id: copy for copy in after.services[name].copies}
        for copy in service.copies:
            if copy.id not in left:
                if copy.id in machines[copy.node].containers:
                    raise Broken(f"{copy.id} was forgotten, and is there still")
            elif left[copy.id].phase is Phase.ENDING and copy.phase is not Phase.ENDING:
                check_ending(before, after, copy, machines)


def check_ending(before: State, after: State, copy: Copy, machines: Mapping[str, Machine]) -> None:
    if copy.phase is not Phase.DRAINING and not is_named(copy.id, before.routes):
        return  # it was not ready: who has not heard so yet will hear it
    for edge, machine in machines.items():
        is_heard = edge in after.nodes and not after.is_away(edge)
        if is_heard and is_named(copy.id, machine.disk.routes):
            raise Broken(f"{copy.id} is ended, and the proxy of {edge} sends it requests")


def is_named(copy: CopyId, routes: Routes) -> bool:
    return any(each.copy == copy for upstreams in routes.values() for each in upstreams)


def check_known(state: State, machines: Mapping[str, Machine]) -> None:
    """Nothing is begun that the control plane does not know of."""
    known = {copy.id for service in state.services.values() for copy in service.copies}
    for name, machine in machines.items():
        for copy in machine.fresh:
            if copy not in known:
                raise Broken(f"{copy} was begun on {name}, and nobody knows of it")


def check_retirement(state: State, service: ServiceState, known: Mapping[CopyId, Copy]) -> None:
    """Whoever serves is let go only if enough others serve."""
    left = {copy.id for copy in service.copies if copy.is_live}
    gone = [copy for copy in known.values() if copy.id not in left and state.is_available(copy)]
    serving = sum(map(state.is_available, service.copies))
    still = {copy.id: copy for copy in service.copies}
    gone = [copy for copy in gone if copy.id in still and was_let_go(still[copy.id], state)]
    if gone and serving < limits_of(service).least:
        raise Broken(f"{gone[0].id} was let go, and {serving} serve of {service.replicas}")


def was_let_go(copy: Copy, state: State) -> bool:
    """In this very step, and not because its node had just said that it is not ready."""
    return not copy.is_live and copy.since == state.clock and copy.is_ready


def check_machines(machines: Mapping[str, Machine]) -> None:
    """What really runs, whatever the control plane believes, once something was begun."""
    has_new = False
    for name, machine in machines.items():
        for copy in machine.fresh:
            has_new = True
            if machine.begun[copy] > 1 + machine.died[copy]:
                died = machine.died[copy]
                raise Broken(f"{copy} was begun {machine.begun[copy]} times and died {died} times")
        if machine.fresh:
            running = [each.wanted.declared.service for each in machine.containers.values()]
            if is_too_much(running, machine.node):
                raise Broken(f"on {name} runs more than it has room for")
        machine.fresh.clear()
    if has_new:
        check_volumes(machines)


def check_hearing(before: State, after: State, report: Report) -> None:
    """What was said later counts, whatever arrives last."""
    earlier, later = before.nodes.get(report.node), after.nodes.get(report.node)
    if earlier and later and later.last < earlier.last:
        raise Broken(f"{report.node} was believed what it said before")


def check_volumes(machines: Mapping[str, Machine]) -> None:
    holders = Counter(
        (copy.service, copy.slot)
        for machine in machines.values()
        for copy, container in machine.containers.items()
        if container.wanted.declared.service.volumes
    )
    twice = [slot for slot, times in holders.items() if times > 1]
    if twice:
        raise Broken(f"two containers write the volume of {twice[0]}")


def check_quiet(state: State, name: str, known: Mapping[CopyId, Copy]) -> None:
    """Of a service that nobody touched: its release is the first, whatever happened around it, and
    none of its copies is let go that may stay and has no other in its slot.
    """
    service = state.services[name]
    live = {copy.id.slot for copy in service.copies if copy.is_live}
    for copy in service.copies:
        if copy.release.number != 1:
            raise Broken(f"{name} was released again, and nobody asked for it")
        was_live = copy.id in known and known[copy.id].is_live
        is_let_go = was_live and not copy.is_live and copy.id.slot not in live
        if is_let_go and is_fine(state, copy):
            raise Broken(f"{copy.id} was let go, and nobody asked for it")


def check_rest(state: State) -> None:
    """What rests is not looked at: a look at it would find nothing to do."""
    after, _ = step(replace(state, rests=False), Tick(), state.wall or 0)
    if (after.services, after.routes) != (state.services, state.routes):
        raise Broken("it rests, and something is to be done")


def unsettled(state: State, machines: Mapping[str, Machine], now: int) -> str | None:
    """What is not yet as it is wanted; None when all is."""
    for name, machine in machines.items():
        if state.is_away(name):
            return f"{name} was not heard of yet"
        wanted = {each.copy for each in wanted_on(state, name)}
        if wanted != set(machine.containers):
            return f"{name} runs {sorted(map(str, machine.containers))}, not {len(wanted)} wanted"
        if machine.disk.routes != state.routes:
            return f"the proxy of {name} has old routes"
    for service in state.services.values():
        if why := unsettled_service(service, machines, now) or undrained(state, service):
            return why
    return None


def unsettled_service(
    service: ServiceState, machines: Mapping[str, Machine], now: int
) -> str | None:
    for copy in service.copies:
        if copy.phase in {Phase.DRAINING, Phase.ENDING}:
            return f"{copy.id} is {copy.phase}"
    if is_to_be_judged(service):
        return f"release {service.target.number} of {service.id} is not judged yet"
    if service.replicas == 0 or is_hopeless(service):
        return None
    for copy in service.copies:
        if not machines[copy.node].is_ready(copy.id, now) or not copy.is_ready:
            return f"{copy.id} is not ready"
    # Who waits, for a place or for another service, says so, and that is all.
    return None if service.waits else unfinished(service)


def undrained(state: State, service: ServiceState) -> str | None:
    """A node that is drained is left, by all that can go elsewhere."""
    if service.spec.volumes or service.waits:
        return None
    found = (copy for copy in service.copies if state.nodes[copy.node].node.is_draining)
    return next((f"{copy.id} is on {copy.node}, which is drained" for copy in found), None)


def unfinished(service: ServiceState) -> str | None:
    rollout = service.rollout
    if rollout and not rollout.is_canary and not rollout.has_failed:
        return f"{service.id} is still being rolled out"
    return None if len(service.copies) >= service.replicas else f"{service.id} has too few copies"


def is_to_be_judged(service: ServiceState) -> bool:
    """Its release will either come up or be given up; until then more will be decided."""
    rollout = service.rollout
    if rollout is None or rollout.before is None or rollout.has_failed:
        return False
    return any(copy.phase is Phase.STARTING for copy in service.copies)


def is_hopeless(service: ServiceState) -> bool:
    """A first release that is bad: there is nothing to go back to, and it stays as it is."""
    is_bad = not (service.spec.image or "").startswith("good")
    return is_bad and (service.rollout is None or service.rollout.before is None)
