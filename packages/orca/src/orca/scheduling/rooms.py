"""A node with what is on it already: how much is left, and of which services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from orca.scheduling.asks import Ask, CopyId, GpuAsk, GpuDevice, Node, Placed


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a node."""

    node: Node
    cpu_milli: int
    memory_bytes: int
    gpus: tuple[GpuDevice, ...]
    copies: frozenset[CopyId] = frozenset()

    def neighbours(self, copy: CopyId) -> int:
        """How many other slots of the same service are here. A slot is no neighbour of itself:
        its next generation may stand beside it for a moment.
        """
        others = {one.slot for one in self.copies if one.service == copy.service}
        return len(others - {copy.slot})

    def taken_by(self, placed: Placed) -> Room:
        ask = placed.ask
        return replace(
            self,
            cpu_milli=self.cpu_milli - ask.cpu_milli,
            memory_bytes=self.memory_bytes - ask.memory_bytes,
            gpus=tuple(one for one in self.gpus if one.number not in placed.gpus),
            copies=self.copies | {ask.copy},
        )

    def tightness(self, ask: Ask) -> int:
        """How full the node is with the copy on it, in thousandths of what it runs out of first."""
        node = self.node
        cpu = 1_000 - 1_000 * (self.cpu_milli - ask.cpu_milli) // max(1, node.cpu_milli)
        memory = 1_000 - 1_000 * (self.memory_bytes - ask.memory_bytes) // max(1, node.memory_bytes)
        return max(cpu, memory)


def rooms_of(nodes: Iterable[Node], placed: Iterable[Placed]) -> dict[str, Room]:
    """Each node with what is left of it, in the order of the names."""
    on: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        on[one.node].append(one)
    return {
        node.name: room_of(node, on[node.name]) for node in sorted(nodes, key=lambda one: one.name)
    }


def room_of(node: Node, placed: Sequence[Placed] = ()) -> Room:
    """Counted at once: this is done anew for every question, with all that stands on all nodes."""
    if not placed:
        return Room(node, node.cpu_milli, node.memory_bytes, node.gpus)
    given = {number for one in placed for number in one.gpus}
    return Room(
        node,
        node.cpu_milli - sum(one.ask.cpu_milli for one in placed),
        node.memory_bytes - sum(one.ask.memory_bytes for one in placed),
        tuple(one for one in node.gpus if one.number not in given),
        frozenset(one.ask.copy for one in placed),
    )


def gpu_choices(ask: GpuAsk | None, free: Iterable[GpuDevice]) -> Iterator[tuple[int, ...]]:
    """Devices that will do. The least come first, so that the greater stay for who needs them;
    of devices that are alike only the first are offered.
    """
    if ask is None:
        yield ()
        return
    fitting = sorted((one for one in free if fits(ask, one)), key=kind_of)
    alike = [tuple(same) for _, same in groupby(fitting, key=lambda one: kind_of(one)[:-1])]
    yield from taken_from(alike, ask.count)


def kind_of(device: GpuDevice) -> tuple[int, str, str, int]:
    return (device.vram_bytes, device.vendor, device.model, device.number)


def taken_from(kinds: list[tuple[GpuDevice, ...]], count: int) -> Iterator[tuple[int, ...]]:
    if sum(map(len, kinds)) < count:
        return
    if not count:
        yield ()
        return
    first, *rest = kinds
    for taken in range(min(count, len(first)), -1, -1):
        for others in taken_from(rest, count - taken):
            yield (*(one.number for one in first[:taken]), *others)


def fits(ask: GpuAsk, device: GpuDevice) -> bool:
    return (
        ask.vendor in {None, device.vendor}
        and ask.model in {None, device.model}
        and device.vram_bytes >= ask.vram_bytes_min
    )
