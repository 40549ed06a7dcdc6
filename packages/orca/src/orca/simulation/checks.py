"""What must hold at every moment, and what must hold soon after the faults have ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from orca.planning import (
    Copy,
    Phase,
    ServiceState,
    State,
    limits_of,
    may_stay,
    placed_in,
    wanted_on,
)
from orca.scheduling import CopyId, rooms_of
from orca.simulation.machines import Machine


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
    if after.revision < before.revision:
        raise Broken("a revision went back")


def check_rooms(state: State) -> None:
    """No node is given more than it has, counting what is about to end."""
    nodes = [each.node for each in state.nodes.values()]
    for name, room in rooms_of(nodes, placed_in(state)).items():
        if room.cpu_milli < 0 or room.memory_bytes < 0:
            raise Broken(f"{name} was given more than it has")


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
    for other in known.values():
        is_like = (other.id.slot, other.release.number) == (copy.id.slot, copy.release.number)
        if is_like and other.is_live and may_stay(state, service, other):
            raise Broken(f"{copy.id} was begun beside {other.id}, which is the same and fine")


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
    """What really runs, whatever the control plane believes."""
    holders: Counter[tuple[str, int]] = Counter()
    for machine in machines.values():
        for copy, container in machine.containers.items():
            if container.wanted.declared.service.volumes:
                holders[copy.service, copy.slot] += 1
        for copy, times in machine.begun.items():
            if times > 1 + machine.died[copy]:
                raise Broken(f"{copy} was begun {times} times and died {machine.died[copy]} times")
    twice = [slot for slot, times in holders.items() if times > 1]
    if twice:
        raise Broken(f"two containers write the volume of {twice[0]}")


def check_quiet_service(state: State, name: str) -> None:
    """Of a service that nobody touched: its release is the first, whatever happened around it."""
    service = state.services.get(name)
    if service and any(copy.release.number != 1 for copy in service.copies):
        raise Broken(f"{name} was released again, and nobody asked for it")


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
        if why := unsettled_service(service, machines, now):
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
