"""The cluster as it is shown: what is, what is waited for, and when it was last heard of."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from orca.certificates import Certificates
from orca.control.control import Control
from orca.planning import ServiceState, State, in_force


class CopyView(msgspec.Struct, kw_only=True, rename="camel"):
    name: str
    node: str
    release: int
    image: str
    digest: str
    phase: str
    is_ready: bool
    crashes: int
    reason: str


class ServiceView(msgspec.Struct, kw_only=True, rename="camel"):
    """`verdict` says how the last rollout ended if it did not end well."""

    id: str
    release: int
    replicas: int
    state: str
    copies: list[CopyView]
    waits: list[str]
    verdict: str


class NodeView(msgspec.Struct, kw_only=True, rename="camel"):
    """`heard_at` is nothing when it was not heard since the control plane was started; `engine`
    says what is wrong with its engine, and nothing when it answers; `edge` says how its proxy does,
    and is nothing where no request comes in; `doubt` says why it is not believed, if it is not.
    """

    name: str
    is_connected: bool
    is_away: bool
    is_draining: bool
    silent_seconds: int
    heard_at: datetime | None
    cpu_milli: int
    memory_bytes: int
    labels: dict[str, str]
    engine: str
    edge: str
    doubt: str


def service_view(service: ServiceState) -> ServiceView:
    return ServiceView(
        id=service.id,
        release=service.target.number,
        replicas=service.replicas,
        state=state_in_words(service),
        copies=[
            CopyView(
                name=str(copy.id),
                node=copy.node,
                release=copy.release.number,
                image=copy.release.service.image or "built",
                digest=in_force(service, copy.release).declared.digest,
                phase=copy.phase.value,
                is_ready=copy.is_ready,
                crashes=copy.crashes,
                reason=copy.reason,
            )
            for copy in service.copies
        ],
        waits=[*service.waits],
        verdict=service.verdict,
    )


def state_in_words(service: ServiceState) -> str:
    if service.is_removed:
        return "being removed"
    if service.is_stopped:
        return "stopped"
    if service.rollout is not None and service.rollout.is_canary:
        return "canary"
    if service.rollout is not None and not service.rollout.has_failed:
        return "being rolled out"
    ready = sum(copy.is_ready for copy in service.copies)
    return "running" if ready >= service.replicas else "degraded"


def node_view(control: Control, name: str) -> NodeView:
    state = control.state
    known, silence = state.nodes[name], state.silence_of(name)
    node = known.node
    return NodeView(
        name=name,
        is_connected=name in control.links.by_node,
        is_away=state.is_away(name),
        is_draining=node.is_draining,
        silent_seconds=silence // 1_000,
        heard_at=control.clock() - timedelta(milliseconds=silence) if known.was_heard else None,
        cpu_milli=node.cpu_milli,
        memory_bytes=node.memory_bytes,
        labels=dict(node.labels),
        engine=known.engine,
        edge=control.edges.words_for(name, state),
        doubt=state.doubts().get(name, ""),
    )


async def troubles_of(state: State, certificates: Certificates) -> list[str]:
    engines = [f"node {name}: {node.engine}" for name, node in state.nodes.items() if node.engine]
    lines = await certificates.list_all()
    found = [f"certificate {line.name}: {line.trouble}" for line in lines if line.trouble]
    edges = [f"edge of {name}: {node.edge}" for name, node in state.nodes.items() if node.edge]
    return [*state.doubts().values(), *sorted(engines), *sorted(edges), *found]
