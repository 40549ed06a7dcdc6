"""A wanted copy as the container that its engine is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from basis.errors import Unavailable
from basis.kit.secret import Secret
from orca.planning import Orders, Wanted, fingerprint
from orca.runtime import (
    Container,
    ContainerSpec,
    FolderUse,
    HealthCommand,
    VolumeUse,
    name_of,
)
from orca.scheduling import CopyId
from orca.spec import AMD_FIRST, Probe, Service, bytes_of, fill, milli_of, secrets_in

AMD_DOOR = "/dev/kfd"


class SecretsAway(Unavailable):
    """Only the control plane has them. It was not heard since this agent was started, or cannot
    open them.
    """


def spec_of(
    cluster: str, address: str, wanted: Wanted, env: Mapping[str, str] | None
) -> ContainerSpec:
    """`env` has the secrets in it. Raises SecretsAway."""
    service, copy = wanted.declared.service, wanted.copy
    return ContainerSpec(
        cluster=cluster,
        copy=copy,
        release=wanted.release,
        made_of=fingerprint(service),
        image=image_of(wanted),
        command=service.command,
        env=env_of(wanted, env),
        port=service.port,
        address=address,
        volumes=tuple(volumes_of(cluster, wanted)),
        folders=tuple(FolderUse(each.host, each.path, each.read_only) for each in service.mounts),
        network=network_of(cluster, wanted),
        aliases=(service.name, *service.aliases),
        memory_bytes=bytes_of(service.resources.memory),
        cpu_milli=milli_of(service.resources.cpu),
        health=health_of(readiness_of(service)),
        stop_grace_secs=service.stop_grace_secs,
        nvidia=tuple(number for number in wanted.gpus if number < AMD_FIRST),
        devices=tuple(device_files(wanted.gpus)),
    )


def device_files(gpus: Iterable[int]) -> Iterator[str]:
    """Of AMD: the one door to all of them, and the node of each that it may use."""
    amd = [number for number in gpus if number >= AMD_FIRST]
    if amd:
        yield AMD_DOOR
    for number in amd:
        yield f"/dev/dri/renderD{number}"


def network_of(cluster: str, wanted: Wanted) -> str:
    project = wanted.copy.service.partition("/")[0]
    return f"{cluster}.{wanted.declared.service.network or project}"


def led_to(node: str, cluster: str, orders: Orders) -> dict[CopyId, Container]:
    """What requests are led to on this node: all that is known of it before an engine says more."""
    found = {}
    for upstream in (each for of_one in orders.routes.values() for each in of_one):
        host, _, port = upstream.address.rpartition(":")
        if upstream.node == node and port:
            found[upstream.copy] = Container(
                name_of(cluster, upstream.copy),
                upstream.copy,
                release=0,
                made_of="",
                is_running=True,
                address=host.strip("[]"),
                port=int(port),
            )
    return found


def image_of(wanted: Wanted) -> str:
    """By its digest where that is known, so that a name that moved on changes nothing."""
    image = wanted.declared.digest or wanted.declared.service.image
    assert image, "nothing begins before it is built"
    return image


def env_of(wanted: Wanted, env: Mapping[str, str] | None) -> dict[str, Secret]:
    if env is not None:
        return {name: Secret(value) for name, value in env.items()}
    service = wanted.declared.service
    if any([*secrets_in(text)] for text in service.env.values()):
        raise SecretsAway(
            "It waits for its secrets: the control plane has not told them. "
            "If it is connected, its log says why."
        )
    return {
        name: fill(text, project="", of_project={}, of_all={}) for name, text in service.env.items()
    }


def volumes_of(cluster: str, wanted: Wanted) -> list[VolumeUse]:
    """By the service and its slot, never by the container."""
    copy = wanted.copy
    return [
        VolumeUse(
            volume_name(
                cluster, copy.service, each.name, None if each.per == "service" else copy.slot
            ),
            each.path,
        )
        for each in wanted.declared.service.volumes
    ]


def volume_name(cluster: str, service: str, volume: str, slot: int | None) -> str:
    base = f"{cluster}.{service.replace('/', '.')}.{volume}"
    return base if slot is None else f"{base}.{slot}"


def readiness_of(service: Service) -> Probe | None:
    if service.readiness is not None:
        return service.readiness
    return Probe(path=service.health) if service.health else None


def liveness_of(service: Service) -> Probe | None:
    if service.liveness is not None:
        return service.liveness
    return Probe(path=service.health) if service.health else None


def health_of(probe: Probe | None) -> HealthCommand | None:
    """Readiness by a command is the engine's to ask."""
    if probe is None or probe.command is None:
        return None
    return HealthCommand(
        probe.command,
        probe.interval_secs,
        probe.timeout_secs,
        probe.failure_threshold,
        probe.initial_delay_secs,
    )
