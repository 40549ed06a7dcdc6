"""What became of the cluster from one state to the next, as sentences for people. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orca.planning import Copy, Kept, Phase, ServiceState, State


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that happened, to a service or to a node."""

    about: str
    words: str


def happenings(before: State, after: State) -> list[Note]:
    notes = [*of_nodes(before, after), *of_volumes(before, after)]
    for name in sorted({*before.services, *after.services}):
        old, new = before.services.get(name), after.services.get(name)
        if old is not new:
            notes += [Note(name, words) for words in of_service(old, new)]
    return notes


def of_nodes(before: State, after: State) -> Iterator[Note]:
    for name in sorted({*before.nodes, *after.nodes}):
        if name not in before.nodes:
            yield Note(name, "joined")
        elif name not in after.nodes:
            yield Note(name, "was forgotten")
        elif before.is_away(name) != after.is_away(name):
            yield Note(name, "is away" if after.is_away(name) else "is back")
        elif before.nodes[name].node.is_draining != after.nodes[name].node.is_draining:
            is_draining = after.nodes[name].node.is_draining
            yield Note(name, "is being drained" if is_draining else "takes copies again")
        elif before.engine_trouble(name) != after.engine_trouble(name):
            yield Note(name, after.engine_trouble(name) or "the engine answers again")
        elif before.edge_trouble(name) != after.edge_trouble(name):
            yield Note(name, after.edge_trouble(name) or "the edge does what it is told again")
    yield from of_doubts(before, after)
    if after.ahead and not before.ahead:
        yield Note("cluster", after.ahead)


def of_doubts(before: State, after: State) -> Iterator[Note]:
    doubted, doubts = before.doubts(), after.doubts()
    for name in sorted(doubts.keys() - doubted.keys()):
        yield Note(name, doubts[name])
    for name in sorted(doubted.keys() - doubts.keys()):
        if name in after.nodes and not after.is_doubted(name):
            yield Note(name, "obeys what is wanted again")


def of_volumes(before: State, after: State) -> Iterator[Note]:
    for name in sorted({*before.kept, *after.kept}):
        if before.kept.get(name) != after.kept.get(name):
            yield Note(name, words_for_kept(after.kept.get(name)))


def words_for_kept(kept: Kept | None) -> str:
    if kept is None:
        return "its volumes are given up"
    names = " and ".join(volume.name for volume in kept.volumes)
    return f"its volumes stay: {names} on {', '.join(sorted({*kept.homes.values()}))}"


def of_service(old: ServiceState | None, new: ServiceState | None) -> Iterator[str]:
    if new is None:
        yield "is gone"
        return
    if old is None or old.target.number != new.target.number:
        yield f"goes to release {new.target.number}"
    known = {copy.id: copy for copy in old.copies} if old else {}
    for copy in new.copies:
        yield from of_copy(known.pop(copy.id, None), copy)
    for copy in known.values():
        yield f"{copy.id} has ended"
    if new.verdict and (old is None or old.verdict != new.verdict):
        yield new.verdict
    if old and old.rollout and new.rollout is None:
        yield f"release {new.target.number} serves"
    for words in new.waits:
        if old is None or words not in old.waits:
            yield words


def of_copy(old: Copy | None, new: Copy) -> Iterator[str]:
    if old is None:
        yield f"{new.id} begins on {new.node}"
        return
    if new.crashes > old.crashes:
        yield f"{new.id} failed {new.crashes} times: {new.reason or 'nothing was said'}"
    if new.phase is not old.phase:
        yield f"{new.id} {PHASES[new.phase]}"
    elif new.phase is Phase.SERVING and new.is_ready != old.is_ready:
        said = f": {new.reason}" if new.reason else ""
        yield f"{new.id} is {'ready again' if new.is_ready else f'not ready{said}'}"


PHASES = {
    Phase.STARTING: "starts",
    Phase.SERVING: "is ready",
    Phase.DRAINING: "is let go",
    Phase.ENDING: "is ended",
}
