"""What `service.toml` and `cluster.toml` may say. The schema and the reader are made from this.

Everything has bounds, nothing unknown is let through, and a key that is here is obeyed somewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orca.spec.names import (
    AbsolutePath,
    Address,
    Dependency,
    Host,
    Image,
    InsidePath,
    LabelKey,
    LabelValue,
    Mail,
    Name,
    Network,
    Plain,
    Probed,
    Route,
    SecretReference,
    Variable,
    Web,
    WebTarget,
)
from orca.spec.quantities import MEMORY

REPLICAS_MAX = 100
SERVICES_MAX = 200

Port = Annotated[int, Meta(ge=1, le=65_535)]
Memory = Annotated[
    str, Meta(pattern=MEMORY, max_length=16, description="With its unit: 512Mi, 1.5Gi.")
]
Cpu = Annotated[float, Meta(ge=0.01, le=512, description="Processors; 0.5 is half of one.")]
Seconds = Annotated[int, Meta(ge=1, le=3_600)]
Delay = Annotated[int, Meta(ge=0, le=3_600)]
Value = Annotated[str, Meta(max_length=32_768)]
Labels = Annotated[Mapping[LabelKey, LabelValue], Meta(max_length=32)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file."""


class Build(Part, frozen=True):
    """Where an image is built from, instead of naming one."""

    context: InsidePath = "."
    dockerfile: InsidePath = "Dockerfile"
    args: Annotated[Mapping[Variable, Value], Meta(max_length=32)] = {}


class Probe(Part, frozen=True):
    """A question to the container: an HTTP path, a TCP port that opens, or a command that ends
    with 0. One of the three.
    """

    path: Probed | None = None
    tcp: bool = False
    command: Annotated[tuple[Value, ...], Meta(min_length=1, max_length=64)] | None = None
    port: Port | None = None
    interval_secs: Seconds = 10
    timeout_secs: Annotated[int, Meta(ge=1, le=60)] = 3
    failure_threshold: Annotated[int, Meta(ge=1, le=100)] = 3
    initial_delay_secs: Delay = 0


AMD_FIRST = 128
"""The first number of a GPU of AMD: so the kernel counts the nodes by which one computes."""


class Gpu(Part, frozen=True):
    """GPUs that a replica has to itself."""

    count: Annotated[int, Meta(ge=1, le=16)] = 1
    vendor: Literal["nvidia", "amd"] | None = None
    model: Plain | None = None
    vram_min: Memory | None = None


class Resources(Part, frozen=True):
    """What one replica gets and never exceeds; the scheduler counts it."""

    memory: Memory = "256Mi"
    cpu: Cpu = 0.25
    gpu: Gpu | None = None


class Placement(Part, frozen=True):
    """Where replicas may run."""

    node: Name | None = None
    labels: Labels = {}
    spread: Literal["prefer", "require", "none"] = "prefer"


class Volume(Part, frozen=True):
    """Data that stay: one volume for each slot, or one that all replicas share."""

    name: Name
    path: AbsolutePath
    per: Literal["slot", "service"] = "slot"


class Mount(Part, frozen=True):
    """A folder of the node. Only below what `cluster.toml` allows."""

    host: AbsolutePath
    path: AbsolutePath
    read_only: bool = True


class Rollout(Part, frozen=True):
    """How a new version takes over."""

    strategy: Literal["rolling", "canary"] = "rolling"
    max_surge: Annotated[int, Meta(ge=0, le=REPLICAS_MAX)] | None = None
    max_unavailable: Annotated[int, Meta(ge=0, le=REPLICAS_MAX)] | None = None
    canary_weight: Annotated[int, Meta(ge=1, le=99)] = 20
    ready_within_secs: Seconds = 120
    drain_secs: Delay = 5
    rollback: bool = True


class RateLimit(Part, frozen=True):
    """Requests of one client that the proxy lets through."""

    per_second: Annotated[int, Meta(ge=1, le=100_000)]
    burst: Annotated[int, Meta(ge=1, le=100_000)]


class Service(Part, frozen=True):
    """One `[[service]]`."""

    name: Name
    image: Image | None = None
    build: Build | None = None
    command: Annotated[tuple[Value, ...], Meta(min_length=1, max_length=64)] | None = None
    replicas: Annotated[int, Meta(ge=0, le=REPLICAS_MAX)] = 1
    port: Port | None = None
    domain: Host | None = None
    domains: Annotated[tuple[Host, ...], Meta(max_length=32)] = ()
    routes: Annotated[tuple[Route, ...], Meta(min_length=1, max_length=32)] = ("/",)
    strip_prefix: bool = False
    rate_limit: RateLimit | None = None
    health: Probed | None = None
    readiness: Probe | None = None
    liveness: Probe | None = None
    env: Annotated[Mapping[Variable, Value], Meta(max_length=200)] = {}
    resources: Resources = Resources()
    placement: Placement = Placement()
    volumes: Annotated[tuple[Volume, ...], Meta(max_length=16)] = ()
    mounts: Annotated[tuple[Mount, ...], Meta(max_length=16)] = ()
    network: Name | None = None
    aliases: Annotated[tuple[Name, ...], Meta(max_length=8)] = ()
    depends_on: Annotated[tuple[Dependency, ...], Meta(max_length=32)] = ()
    stop_grace_secs: Annotated[int, Meta(ge=0, le=600)] = 10
    deploy: Rollout = Rollout()


class ServiceFile(Part, frozen=True):
    """`services/<project>/service.toml`: the folder's name is the name of the project."""

    service: Annotated[tuple[Service, ...], Meta(min_length=1, max_length=SERVICES_MAX)]


class Device(Part, frozen=True):
    """GPUs of one kind in a node. `first` is the number of the first of them, as `nvidia-smi` says
    or as it stands behind /dev/dri/renderD; unless said they follow those before them.
    """

    vendor: Literal["nvidia", "amd"]
    model: Plain
    vram: Memory
    count: Annotated[int, Meta(ge=1, le=16)] = 1
    first: Annotated[int, Meta(ge=0, lt=2 * AMD_FIRST)] | None = None


class Machine(Part, frozen=True):
    """One `[[node]]`: a server by its name, and what only people know of it."""

    name: Name
    address: Address
    labels: Labels = {}
    gpus: Annotated[tuple[Device, ...], Meta(max_length=8)] = ()


class Mounts(Part, frozen=True):
    """Folders of nodes that services may mount, with all below them. None unless said."""

    allow: Annotated[tuple[AbsolutePath, ...], Meta(max_length=64)] = ()


class Edge(Part, frozen=True):
    """Where requests come in. Without `nodes` every node is an edge."""

    nodes: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)] | None = None
    http_port: Port = 80
    https_port: Port = 443
    trusted: Annotated[tuple[Network, ...], Meta(max_length=64)] = ()


class Signing(Part, frozen=True):
    """Who signs certificates, and where those lie that people bring. Files and folders are those
    of the control plane.
    """

    directory: Web | None = None
    authority: AbsolutePath | None = None
    brought: AbsolutePath | None = None


class Cluster(Part, frozen=True):
    """What holds for all."""

    name: Name
    acme_email: Mail | None = None


class Mailing(Part, frozen=True):
    """A mail server, and to whom it brings what there is to say."""

    host: Address
    sender: Mail
    to: Annotated[tuple[Mail, ...], Meta(min_length=1, max_length=20)]
    port: Port = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: Annotated[str, Meta(max_length=254)] = ""
    password: SecretReference | None = None


class Notify(Part, frozen=True):
    """Who is told when something goes wrong, and after how many minutes a service is unwell."""

    webhook: WebTarget | None = None
    webhook_key: SecretReference | None = None
    mail: Mailing | None = None
    unwell_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 5


class ClusterFile(Part, frozen=True):
    """`cluster.toml`."""

    cluster: Cluster
    node: Annotated[tuple[Machine, ...], Meta(max_length=64)] = ()
    mounts: Mounts = Mounts()
    notify: Notify | None = None
    edge: Edge = Edge()
    certificates: Signing = Signing()
