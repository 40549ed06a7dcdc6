"""One service, looked at once: what has failed, what may go, what is to be begun.

New before old; what serves stays until enough others do; where two would write one volume, old
before new; and what fails gives way to what served before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from orca.planning.apply import heading_back, remembered
from orca.planning.asking import ask_for, next_id, reason_to_leave, refusal_of
from orca.planning.images import image_missing, search_failed
from orca.planning.releases import Release
from orca.planning.states import (
    ALL_SLOTS,
    CRASHES_MAX,
    Copy,
    Phase,
    Rollout,
    ServiceState,
    State,
)
from orca.scheduling import Ask, CopyId

Want = tuple[int, Release]
"""A slot, and the release that is to serve there."""
Keepers = dict[tuple[int, int], Copy]
"""By slot and number of the release."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many copies there may be, how many must serve, and whether old goes before new."""

    most: int
    least: int
    is_old_first: bool


def limits_of(service: ServiceState) -> Limits:
    rollout, replicas = service.spec.deploy, service.replicas
    if service.spec.volumes:
        unavailable = 1 if rollout.max_unavailable is None else rollout.max_unavailable
        return Limits(replicas, replicas - unavailable, is_old_first=True)
    surge = 1 if rollout.max_surge is None else rollout.max_surge
    extra = len(canaries(service)) if is_canary(service) else 0
    least = replicas - (rollout.max_unavailable or 0)
    return Limits(replicas + surge + extra, least, is_old_first=surge == 0)


def is_canary(service: ServiceState) -> bool:
    return service.rollout is not None and service.rollout.is_canary


def wants(service: ServiceState) -> tuple[Want, ...]:
    """Each slot with its release. A canary stands beside what served before."""
    slots = range(service.replicas)
    rollout = service.rollout
    if rollout and rollout.before and (rollout.is_canary or rollout.has_failed):
        stable = [(slot, rollout.before) for slot in slots]
        return (*stable, *(canaries(service) if rollout.is_canary else ()))
    return tuple((slot, service.target) for slot in slots)


def canaries(service: ServiceState) -> tuple[Want, ...]:
    share = -(-service.replicas * service.spec.deploy.canary_weight // 100)
    return tuple((slot, service.target) for slot in range(share))


def may_stay(state: State, service: ServiceState, copy: Copy) -> bool:
    """What is on a lost node is replaced, but for what has a volume there: that waits. So is what
    a node that is not believed would still have to begin.
    """
    is_begun_there = copy.phase is not Phase.STARTING or not state.is_doubted(copy.node)
    if (state.is_lost(copy.node) or not is_begun_there) and not service.spec.volumes:
        return False
    return reason_to_leave(state, service, copy) is None


def keepers(state: State, service: ServiceState) -> Keepers:
    """For each slot and number of a release the copy that does it, one that serves if there is."""
    wanted = {(slot, release.number) for slot, release in wants(service)}
    found: dict[tuple[int, int], Copy] = {}
    for copy in sorted(service.copies, key=rank):
        key = (copy.id.slot, copy.release.number)
        if copy.is_live and key in wanted and may_stay(state, service, copy):
            found[key] = copy
    return found


def rank(copy: Copy) -> tuple[bool, bool, int]:
    return (copy.phase is Phase.SERVING, copy.is_ready, -copy.id.generation)


def missing(service: ServiceState, kept: Keepers) -> list[Want]:
    return [want for want in wants(service) if (want[0], want[1].number) not in kept]


def take_turn(state: State, service: ServiceState) -> ServiceState:
    """Everything but beginning: for that all services are looked at together."""
    judged = judge(state, end_drained(state, service))
    kept = keepers(state, judged)  # of these nothing is let go
    return finish(state, retire(state, judged, kept), kept)


def end_drained(state: State, service: ServiceState) -> ServiceState:
    """A copy ends when every proxy that can be heard has let go of it, and a while after. One that
    does not do what it is told is not waited for longer than a minute: all would be held up.
    """
    wait = service.spec.deploy.drain_secs * 1_000
    heard = [node.routes for name, node in state.nodes.items() if state.is_waited_for(name)]

    def is_drained(copy: Copy) -> bool:
        is_let_go = all(routes >= copy.left_at for routes in heard)
        return copy.phase is Phase.DRAINING and is_let_go and state.clock - copy.since >= wait

    ended = (ending(state, copy) if is_drained(copy) else copy for copy in service.copies)
    return service.with_copies(tuple(ended))


def ending(state: State, copy: Copy) -> Copy:
    return replace(copy, phase=Phase.ENDING, since=state.clock, left_at=state.revision + 1)


def judge(state: State, service: ServiceState) -> ServiceState:
    """A release that does not come up gives way to the one before it."""
    rollout = service.rollout
    if rollout is None or rollout.before is None or rollout.has_failed:
        return service
    why = search_failed(service) or next(
        (why for copy in service.copies if (why := failure(state, service, copy))), None
    )
    if why is None:
        return service
    failed = f"Release {service.target.number} failed: {why}"
    stays = f"Release {rollout.before.number} serves on."
    if service.spec.deploy.rollback or rollout.is_canary:
        return replace(heading_back(service, rollout.before), verdict=f"{failed} {stays}")
    stopped = Rollout(rollout.before, has_failed=True)
    return replace(service, rollout=stopped, verdict=f"{failed} {stays}")


def failure(state: State, service: ServiceState, copy: Copy) -> str | None:
    """Why a copy of the new release is given up. One on a node that is away is not judged, nor one
    that no engine could begin.
    """
    is_new = copy.release.number == service.target.number and copy.is_live
    if not is_new or copy.is_ready or state.is_out_of_sight(copy.node):
        return None
    said = f" ({copy.reason})" if copy.reason else ""
    if copy.crashes >= CRASHES_MAX:
        return f"{copy.id} on {copy.node} ended {copy.crashes} times{said}."
    within = service.spec.deploy.ready_within_secs
    if copy.phase is Phase.STARTING and state.clock - copy.since > within * 1_000:
        return f"{copy.id} on {copy.node} was not ready within {within} s{said}."
    return None


def retire(state: State, service: ServiceState, keepers: Keepers) -> ServiceState:
    """Lets go of what is no longer wanted, as far as enough of the others serve."""
    kept = {copy.id for copy in keepers.values()}
    lacking = dict(missing(service, keepers))
    limits = limits_of(service)
    serving = Counter(copy.id.slot for copy in service.copies if state.is_available(copy))
    copies = []
    for copy in service.copies:
        slot, serves = copy.id.slot, state.is_available(copy)
        if not copy.is_live or copy.id in kept or (serves and serving.total() <= limits.least):
            copies.append(copy)
            continue
        # Of several that serve in one slot all but one may go: they take the successor's room.
        is_last = serves and serving[slot] == 1
        if is_last and slot in lacking and why_not_first(state, service, copy, lacking):
            copies.append(copy)
            continue
        serving[slot] -= serves
        copies.append(let_go(state, service, copy))
    return service.with_copies(tuple(copies))


def why_not_first(
    state: State, service: ServiceState, copy: Copy, lacking: dict[int, Release]
) -> str | None:
    """Why a copy that serves may not go before its successor is there; None if it may."""
    if not limits_of(service).is_old_first:
        return "its successor comes first"
    release = lacking[copy.id.slot]
    blocked = blocked_by(state, service, release)
    if blocked:
        return blocked
    ask = ask_for(service, next_id(service, copy.id.slot), release)
    return refusal_of(state, ask, without=[copy.id])


def let_go(state: State, service: ServiceState, copy: Copy) -> Copy:
    """Proxies let go of what they know before it ends. What none knows ends at once."""
    is_known = any(each.copy == copy.id for each in state.routes.get(service.id, ()))
    if not is_known:
        return ending(state, replace(copy, is_ready=False))
    return replace(copy, phase=Phase.DRAINING, since=state.clock, left_at=state.revision + 1)


def finish(state: State, service: ServiceState, kept: Keepers) -> ServiceState:
    """A release has arrived when it serves in all slots, and nothing else is left."""
    rollout = service.rollout
    if rollout is None or rollout.is_canary or rollout.has_failed or service.replicas == 0:
        return service
    live = [copy for copy in service.copies if copy.is_live]
    if len(kept) < service.replicas or len(live) > len(kept):
        return service
    if not all(state.is_available(copy) for copy in live):
        return service
    served = replace(service.target, has_served=True)
    return remembered(replace(service, target=served, rollout=None), served)


def blocked_by(state: State, service: ServiceState, release: Release) -> str | None:
    """Why nothing of a release can begin yet."""
    return image_missing(service, release) or dependency_missing(state, service, release)


def dependency_missing(state: State, service: ServiceState, release: Release) -> str | None:
    """A release that never served waits for the services it depends on."""
    if release.has_served:
        return None
    for name in release.declared.depends_on:
        other = state.services.get(name)
        if other is None or not any(map(state.is_available, other.copies)):
            return f"{service.id} waits for {name}, which does not serve yet."
        if other.rollout and not other.rollout.is_canary and not other.rollout.has_failed:
            return f"{service.id} waits for {name}, which is being rolled out."
    return None


def beginnings_of(
    state: State, service: ServiceState
) -> tuple[list[tuple[Ask, Release]], list[str]]:
    """What is to be begun now, and in words what waits."""
    begun: list[tuple[Ask, Release]] = []
    waits = waiting_for_nodes(state, service)
    left = room_for_more(state, service)
    for slot, release in missing(service, keepers(state, service)):
        blocked = blocked_by(state, service, release)
        if not blocked and service.spec.volumes:
            blocked = volume_in_use(state, service, slot, release)
        if blocked:
            waits.append(blocked)
        elif left > 0:
            left -= 1
            copy = CopyId(service.id, slot, service.generations + 1 + len(begun))
            begun.append((ask_for(service, copy, release), release))
        else:
            waits += why_nobody_goes(state, service, slot, release)
    return begun, sorted(set(waits))


def why_nobody_goes(state: State, service: ServiceState, slot: int, release: Release) -> list[str]:
    """What keeps an old copy that would have to go first; nothing if it is only not its turn."""
    if not limits_of(service).is_old_first:
        return []
    old = [copy for copy in service.copies if copy.id.slot == slot and copy.is_live]
    found = [(copy, why_not_first(state, service, copy, {slot: release})) for copy in old]
    return [f"{copy.id} stays on {copy.node}: {why}" for copy, why in found if why]


def room_for_more(state: State, service: ServiceState) -> int:
    """How many may begin. What is on a lost node does not count, unless its volume is there."""
    is_shared = any(volume.per == "service" for volume in service.spec.volumes)
    if is_shared and ALL_SLOTS not in service.homes:
        # The first decides where the others go.
        return 1
    counted = [
        copy
        for copy in service.copies
        if copy.is_live and (service.spec.volumes or not state.is_lost(copy.node))
    ]
    return limits_of(service).most - len(counted)


def volume_in_use(state: State, service: ServiceState, slot: int, release: Release) -> str | None:
    """Whoever else has the volume of the slot has to be gone, not only told to go."""
    holder = next((copy for copy in service.copies if copy.id.slot == slot), None)
    if holder is None:
        return None
    if holder.is_live:
        why = why_not_first(state, service, holder, {slot: release})
        return f"{holder.id} stays on {holder.node}: {why or 'it is let go when it may'}"
    return f"Slot {slot} of {service.id} waits until {holder.id} has ended."


def waiting_for_nodes(state: State, service: ServiceState) -> list[str]:
    away = [
        f"{copy.id} waits for {copy.node}, where its volume is: nothing was heard of it."
        for copy in service.copies
        if copy.is_live and service.spec.volumes and state.is_away(copy.node)
    ]
    unseen = [
        f"{copy.id} waits for {copy.node}: {why}."
        for copy in service.copies
        if not (copy.is_live and copy.is_ready) and (why := state.engine_trouble(copy.node))
    ]
    return [*away, *unseen, *waiting_for_edges(state, service)]


def waiting_for_edges(state: State, service: ServiceState) -> list[str]:
    return [
        f"{copy.id} ends when the edge of {name} has let go of it: {node.edge}"
        for copy in service.copies
        if copy.phase is Phase.DRAINING
        for name, node in sorted(state.nodes.items())
        if node.edge and node.routes < copy.left_at and state.is_waited_for(name)
    ]
