"""Trying everything, written apart from the scheduler: can all asks have a node at once?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from orca.scheduling import Ask, GpuAsk, GpuDevice, Node


def can_all_be_placed(nodes: Sequence[Node], asks: Sequence[Ask]) -> bool:
    return any(
        all(holds(node, [ask for ask, at in zip(asks, ways, strict=True) if at is node])
            for node in nodes)
        for ways in product(nodes, repeat=len(asks))
    )  # fmt: skip


def holds(node: Node, asks: list[Ask]) -> bool:
    """Whether the node can have exactly these."""
    return (
        all(may_be_on(node, ask) for ask in asks)
        and sum(ask.cpu_milli for ask in asks) <= node.cpu_milli
        and sum(ask.memory_bytes for ask in asks) <= node.memory_bytes
        and not crowded(asks)
        and shares_gpus([ask.gpu for ask in asks if ask.gpu], set(node.gpus))
    )


def may_be_on(node: Node, ask: Ask) -> bool:
    if node.away or node.is_draining:
        return False
    if ask.node not in {None, node.name} or ask.home not in {None, node.name}:
        return False
    return ask.labels.items() <= node.labels.items()


def crowded(asks: list[Ask]) -> bool:
    return any(
        ask.spread == "require" and other.copy.service == ask.copy.service and other is not ask
        for ask in asks
        for other in asks
    )


def shares_gpus(asks: list[GpuAsk], free: set[GpuDevice]) -> bool:
    if not asks:
        return True
    first, *rest = asks
    return any(shares_gpus(rest, free - set(taken)) for taken in ways(first, free))


def ways(ask: GpuAsk, free: set[GpuDevice]) -> Iterator[tuple[GpuDevice, ...]]:
    fitting = [
        one
        for one in sorted(free, key=lambda one: one.number)
        if ask.vendor in {None, one.vendor}
        and ask.model in {None, one.model}
        and one.vram_bytes >= ask.vram_bytes_min
    ]
    yield from combinations(fitting, ask.count)
