"""Docker Engine, by its API. What is published is published on one address of the node. Of what
Docker lets a container do by default, what services do not need is taken away; the rest stays.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import aiohttp
from aiodocker import Docker
from aiodocker.exceptions import DockerError

from orca.runtime import building
from orca.runtime.contract import (
    CLUSTER,
    MADE_OF,
    OUTPUT_BYTES_MAX,
    RELEASE,
    TELLING,
    BuildSpec,
    Container,
    ContainerMissing,
    ContainerSpec,
    EngineAway,
    Executed,
    Happened,
    Health,
    HealthCommand,
    ImageMissing,
    NetworkInUse,
    NotOurs,
    RegistryAway,
    StartRefused,
    Told,
    VolumeInUse,
    copy_in,
    labels_of,
)
from orca.runtime.translating import CONFLICT, NOT_FOUND, translated
from orca.spec import by_digest

TIMEOUT_SECONDS = 60
REGISTRY_SECONDS = 20
"""For so long a registry may say nothing."""
POWERS_TAKEN = ["AUDIT_WRITE", "MKNOD", "NET_RAW"]
"""No image of a service needs them: Podman gives them to nobody. With the last one a container can
pretend to be another one of its network. What others do at their start as root stays: to change
owners and users, and to open ports below 1024.
"""
PIDS_MAX = 2_048
"""More than any service has processes and threads, and far fewer than would stop a node."""
NANOSECONDS = 1_000_000_000
FORBIDDEN = 403
UNKNOWN = ("manifest unknown", "not found", "does not exist")
"""How registries say that they have no such image; a stream of progress has no status."""


class DockerRuntime:
    """One engine, by the address of its socket."""

    def __init__(self, url: str, *, registry_seconds: float = REGISTRY_SECONDS) -> None:
        self._url = url
        self._registry_seconds = registry_seconds
        self._docker = opened(url)
        self._networks = asyncio.Lock()

    async def close(self) -> None:
        await self._docker.close()

    async def find_image(self, name: str) -> str | None:
        known = await self._inspect_image(name)
        return None if known is None else str(known["Id"])

    async def _inspect_image(self, name: str) -> Mapping[str, Any] | None:
        with translated():
            try:
                return await self._docker.images.inspect(name)
            except DockerError as error:
                if error.status == NOT_FOUND:
                    return None
                raise

    async def resolve(self, name: str) -> str:
        """Asked of the registry first. An image that came from one is not taken for what its name
        means now when that does not answer; one that never did is what lies here.
        """
        try:
            async with asyncio.timeout(self._registry_seconds):
                found = await self._docker._query_json(f"distribution/{name}/json")  # noqa: SLF001
            return by_digest(name, found["Descriptor"]["digest"])
        except DockerError as error:
            refusal = refusal_of(name, error)
        except TimeoutError:
            refusal = RegistryAway(f"The registry of {name} does not answer.")
        except (aiohttp.ClientError, OSError) as error:
            raise EngineAway(f"The engine does not answer: {error}.") from error
        known = await self._inspect_image(name)
        if known is None or known["RepoDigests"]:
            raise refusal
        return str(known["Id"])

    async def pull(self, name: str) -> None:
        try:
            async with aclosing(self._pulling(name)) as progress:
                while True:
                    async with asyncio.timeout(self._registry_seconds):
                        await anext(progress)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RegistryAway(f"The registry of {name} says nothing any more.") from None
        except DockerError as error:
            raise refusal_of(name, error) from error
        except (aiohttp.ClientError, OSError) as error:
            raise EngineAway(f"The engine does not answer: {error}.") from error

    async def _pulling(self, name: str) -> AsyncGenerator[None, None]:
        async for _ in self._docker.images.pull(name, stream=True):
            yield

    async def build(self, context: Path, spec: BuildSpec, told: Told) -> str:
        return await building.build(self._docker, context, spec, told)

    def save(self, image: str) -> AsyncGenerator[bytes, None]:
        return building.save(self._docker, image)

    async def load(self, saved: AsyncIterable[bytes]) -> None:
        await building.load(self._docker, saved)

    async def create(self, spec: ContainerSpec) -> None:
        with translated(missing=ImageMissing(f"There is no image {spec.image} on this node.")):
            if spec.network:
                await self._make_network(spec)
            await self._docker.containers.create(config_of(spec), name=spec.name)

    async def _make_network(self, spec: ContainerSpec) -> None:
        """The engine makes two networks of one name for two who ask at once, and then knows
        neither by it. So one asks after the other, and only for what is not there.
        """
        async with self._networks:
            filters = {"name": [f"^{re.escape(spec.network)}$"]}
            if await self._docker.networks.list(filters=filters):
                return
            labels = {CLUSTER: spec.cluster}
            await self._docker.networks.create({"Name": spec.network, "Labels": labels})

    async def list_networks(self, cluster: str) -> Sequence[str]:
        with translated():
            found = await self._docker.networks.list(filters={"label": [f"{CLUSTER}={cluster}"]})
        return sorted(str(each["Name"]) for each in found)

    async def remove_network(self, name: str) -> None:
        with translated():
            try:
                await self._docker._query_json(f"networks/{name}", method="DELETE")  # noqa: SLF001
            except DockerError as error:
                if error.status in (FORBIDDEN, CONFLICT):
                    raise NetworkInUse(error.message) from error
                if error.status != NOT_FOUND:
                    raise

    async def start(self, name: str) -> None:
        try:
            with translated(missing=missing(name)):
                await self._docker.containers.container(name).start()
        except EngineAway as error:
            if await self._is_there(name):
                raise StartRefused(f"{name} cannot be started: {error}") from None
            raise

    async def _is_there(self, name: str) -> bool:
        try:
            await self.inspect(name)
        except (ContainerMissing, EngineAway):
            return False
        return True

    async def stop(self, name: str) -> None:
        with translated(missing=missing(name)):
            await self._docker.containers.container(name).stop()

    async def remove(self, name: str) -> None:
        with translated(missing=missing(name)):
            await self._docker.containers.container(name).delete(force=True, v=True)

    async def remove_volume(self, name: str) -> None:
        in_use = VolumeInUse(f"A container has the volume {name}.")
        with translated(conflict=in_use):
            try:
                async with self._docker._query(f"volumes/{name}", method="DELETE"):  # noqa: SLF001
                    return
            except DockerError as error:
                if error.status != NOT_FOUND:
                    raise

    async def list(self, cluster: str) -> Sequence[Container]:
        filters = json.dumps({"label": [f"{CLUSTER}={cluster}"]})
        with translated():
            listed = await self._docker.containers.list(all="true", filters=filters)
        found = []
        for each in listed:
            try:
                found.append(await self.inspect(each.id))
            except (ContainerMissing, NotOurs):
                continue  # gone since it was listed, or only named like one of ours
        return sorted(found, key=lambda container: container.copy)

    async def inspect(self, name: str) -> Container:
        with translated(missing=missing(name)):
            return container_of(await self._docker.containers.container(name).show())

    async def logs(self, name: str, *, tail: int) -> str:
        with translated(missing=missing(name)):
            lines = await self._docker.containers.container(name).log(
                stdout=True, stderr=True, tail=tail
            )
        return "".join(lines)[-OUTPUT_BYTES_MAX:]

    async def execute(self, name: str, command: Sequence[str]) -> Executed:
        with translated(missing=missing(name), conflict=missing(name, "does not run")):
            made = await self._docker.containers.container(name).exec(list(command))
            output = b""
            async with made.start(detach=False) as stream:
                while len(output) < OUTPUT_BYTES_MAX and (part := await stream.read_out()):
                    output += part.data
            code = (await made.inspect())["ExitCode"]
        return Executed(-1 if code is None else int(code), output.decode(errors="replace"))

    async def events(self, cluster: str) -> AsyncGenerator[Happened, None]:
        """By a connection of its own, so that it can be closed without the others."""
        filters = json.dumps({"type": ["container"], "label": [f"{CLUSTER}={cluster}"]})
        docker = opened(self._url)
        try:
            with translated():
                # Its own wrapper of this hides why a stream has ended.
                asked = docker._query(  # noqa: SLF001
                    "events", params={"filters": filters}, timeout=aiohttp.ClientTimeout(total=None)
                )
                async with asked as answer, answer:
                    async for line in answer.content:
                        if happened := happened_in(json.loads(line)):
                            yield happened
            raise EngineAway("The engine has closed its stream of events.")
        finally:
            await docker.close()


def opened(url: str) -> Docker:
    return Docker(url=url, timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))


def refusal_of(name: str, error: DockerError) -> ImageMissing | RegistryAway:
    """What an engine says of a registry, in the words of the contract."""
    said = error.message.strip().rstrip(".")
    is_missing = error.status == NOT_FOUND or any(word in said for word in UNKNOWN)
    if is_missing:
        return ImageMissing(f"There is no image {name}: {said}.")
    return RegistryAway(f"The image {name} cannot be had: {said}.")


def missing(name: str, why: str = "is not there") -> ContainerMissing:
    return ContainerMissing(f"The container {name} {why}.")


def config_of(spec: ContainerSpec) -> dict[str, Any]:
    config: dict[str, Any] = {
        "Image": spec.image,
        "Labels": labels_of(spec),
        "StopTimeout": spec.stop_grace_secs,
        "Env": [f"{name}={value}" for name, value in sorted(spec.env.items())],
        "HostConfig": host_config_of(spec),
    }
    if spec.command:
        config["Cmd"] = list(spec.command)
    if spec.port is not None:
        config["ExposedPorts"] = {f"{spec.port}/tcp": {}}
    if spec.health is not None:
        config["Healthcheck"] = healthcheck_of(spec.health)
    if spec.network:
        config["NetworkingConfig"] = {
            "EndpointsConfig": {spec.network: {"Aliases": list(spec.aliases)}}
        }
    return config


def host_config_of(spec: ContainerSpec) -> dict[str, Any]:
    config: dict[str, Any] = {
        # It comes back by itself also while no agent is there, later and later.
        "RestartPolicy": {"Name": "unless-stopped"},
        "Memory": spec.memory_bytes,
        "MemorySwap": spec.memory_bytes,
        "NanoCpus": spec.cpu_milli * (NANOSECONDS // 1_000),
        "SecurityOpt": ["no-new-privileges:true"],
        "CapDrop": POWERS_TAKEN,
        "PidsLimit": PIDS_MAX,
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}},
        "Mounts": mounts_of(spec),
    }
    if spec.port is not None:
        binding = {"HostIp": spec.address, "HostPort": ""}
        config["PortBindings"] = {f"{spec.port}/tcp": [binding]}
    if spec.network:
        config["NetworkMode"] = spec.network
    return {**config, **devices_of(spec)}


def devices_of(spec: ContainerSpec) -> dict[str, Any]:
    """Each by its own number: a count would be whichever the engine picks, for two the same."""
    found: dict[str, Any] = {}
    if spec.nvidia:
        ids = [str(number) for number in spec.nvidia]
        wanted = {"Driver": "nvidia", "DeviceIDs": ids, "Capabilities": [["gpu"]]}
        found["DeviceRequests"] = [wanted]
    if spec.devices:
        found["Devices"] = [
            {"PathOnHost": path, "PathInContainer": path, "CgroupPermissions": "rw"}
            for path in spec.devices
        ]
    return found


def mounts_of(spec: ContainerSpec) -> list[dict[str, Any]]:
    volumes = [
        {
            "Type": "volume",
            "Source": each.name,
            "Target": each.path,
            "VolumeOptions": {"Labels": {CLUSTER: spec.cluster}},
        }
        for each in spec.volumes
    ]
    folders = [
        {"Type": "bind", "Source": each.host, "Target": each.path, "ReadOnly": each.read_only}
        for each in spec.folders
    ]
    return [*volumes, *folders]


def healthcheck_of(health: HealthCommand) -> dict[str, Any]:
    return {
        "Test": ["CMD", *health.command],
        "Interval": int(health.interval_secs * NANOSECONDS),
        "Timeout": int(health.timeout_secs * NANOSECONDS),
        "Retries": health.failures,
        "StartPeriod": int(health.initial_delay_secs * NANOSECONDS),
    }


def container_of(shown: dict[str, Any]) -> Container:
    labels, state = shown["Config"]["Labels"], shown["State"]
    has_started = not state["StartedAt"].startswith("0001-")
    health: Health = state["Health"]["Status"] if "Health" in state else "none"
    address, port = published_in(shown["NetworkSettings"]["Ports"] or {})
    return Container(
        name=shown["Name"].removeprefix("/"),
        copy=copy_in(labels),
        release=int(labels.get(RELEASE, 0)),
        made_of=labels.get(MADE_OF, ""),
        is_running=state["Running"],
        is_restarting=state["Restarting"],
        exit_code=state["ExitCode"] if has_started else None,
        is_out_of_memory=state["OOMKilled"],
        restarts=shown["RestartCount"],
        health=health,
        address=address,
        port=port,
        inner=inner_in(shown["NetworkSettings"]),
        started=state["StartedAt"] if has_started else "",
    )


def published_in(ports: dict[str, Any]) -> tuple[str, int | None]:
    for bindings in ports.values():
        for binding in bindings or ():
            return binding["HostIp"], int(binding["HostPort"])
    return "", None


def inner_in(settings: Mapping[str, Any]) -> str:
    found = (str(each["IPAddress"]) for each in (settings["Networks"] or {}).values())
    return next((address for address in found if address), "")


def happened_in(event: dict[str, Any]) -> Happened | None:
    """`health_status: healthy` is told as `health_status`."""
    what = str(event.get("Action", "")).partition(":")[0]
    if what not in TELLING:
        return None
    try:
        return Happened(what, copy_in(event["Actor"]["Attributes"]))
    except NotOurs:
        return None
