"""Copies as the scheduler sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orca.planning.releases import Release
from orca.planning.states import Copy, ServiceState, State
from orca.scheduling import Ask, CopyId, GpuAsk, Node, Placed, reason_to_move, room_of, schedule
from orca.spec import Gpu, bytes_of, milli_of


def ask_for(service: ServiceState, copy: CopyId, release: Release) -> Ask:
    spec = release.service
    return Ask(
        copy,
        cpu_milli=milli_of(spec.resources.cpu),
        memory_bytes=bytes_of(spec.resources.memory),
        gpu=gpu_ask(spec.resources.gpu),
        node=spec.placement.node,
        labels=spec.placement.labels,
        spread=spec.placement.spread,
        home=service.home_of(copy.slot) if spec.volumes else None,
    )


def gpu_ask(gpu: Gpu | None) -> GpuAsk | None:
    if gpu is None:
        return None
    least = bytes_of(gpu.vram_min) if gpu.vram_min else 0
    return GpuAsk(gpu.count, gpu.vendor, gpu.model, least)


def next_id(service: ServiceState, slot: int) -> CopyId:
    return CopyId(service.id, slot, service.generations + 1)


def nodes_of(state: State) -> list[Node]:
    return [
        replace(each.node, away=absence_in_words(state, name)) for name, each in state.nodes.items()
    ]


def absence_in_words(state: State, node: str) -> str:
    """Why nothing can be begun there, if that is so."""
    if state.is_away(node):
        return silence_in_words(state, node)
    if doubt := state.doubt_of(node):
        return f"it {doubt.partition('.')[0]}"
    return state.engine_trouble(node)


def silence_in_words(state: State, node: str) -> str:
    return f"nothing was heard of it for {state.silence_of(node) // 1_000} s"


def placed_in(state: State) -> list[Placed]:
    """All that stands on nodes, what is about to end too: it takes its room until it is gone."""
    return [
        Placed(ask_for(service, copy.id, copy.release), copy.node, copy.gpus)
        for service in state.services.values()
        for copy in service.copies
    ]


def reason_to_leave(state: State, service: ServiceState, copy: Copy) -> str | None:
    """Why a copy may not stay on its node, by what the node is now."""
    found = state.nodes.get(copy.node)
    if found is None:
        return "its node was forgotten"
    gone = sorted({*copy.gpus} - {device.number for device in found.node.gpus})
    if gone:
        return f"its GPU {', '.join(map(str, gone))} is not there any more"
    release = in_force(service, copy.release)
    return reason_to_move(ask_for(service, copy.id, release), room_of(found.node))


def in_force(service: ServiceState, release: Release) -> Release:
    """A release as it is declared now: what lies around its containers may have changed."""
    before = service.rollout.before if service.rollout else None
    for known in (service.target, before):
        if known is not None and known.number == release.number:
            return known
    return release


def reason_for_no_place(state: State, service: ServiceState, copy: Copy) -> str | None:
    """Why a successor of this copy would have no place if it were gone; None if it has one."""
    release = in_force(service, copy.release)
    ask = ask_for(service, next_id(service, copy.id.slot), release)
    return refusal_of(state, ask, without=[copy.id])


def refusal_of(state: State, ask: Ask, *, without: Iterable[CopyId] = ()) -> str | None:
    """Why there would be no place for it if some copies were gone; None if there is one."""
    gone = set(without)
    others = [one for one in placed_in(state) if one.ask.copy not in gone]
    refused = schedule(nodes_of(state), others, [ask]).refused
    return refused[0].words if refused else None
