"""What the people of the simulation ask for, wise or not."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from orca.planning import (
    Abort,
    Declaration,
    Deploy,
    Drain,
    Event,
    Promote,
    Redeploy,
    Resume,
    Rollback,
    Scale,
    State,
    Stop,
    Undrain,
)
from orca.scheduling import Node
from orca.simulation.machines import BAD, CRASHING
from orca.spec import Service

GIB = 1 << 30
QUIET = "lab/quiet"
TOUCHED = ("shop/web", "shop/db", "shop/api")


def draw_nodes(chance: Random) -> list[Node]:
    return [
        Node(
            f"n{number}",
            cpu_milli=chance.choice([1_000, 2_000, 4_000]),
            memory_bytes=chance.choice([3, 4, 8]) * GIB,
            labels={"zone": chance.choice("ab")},
        )
        for number in range(chance.randint(2, 5))
    ]


def draw_declaration(name: str, chance: Random, number: int) -> Declaration:
    """A service of some kind; one in five images is bad."""
    kind = chance.choices(["good", BAD, CRASHING], [8, 1, 1])[0]
    fields: dict[str, Any] = {
        "name": name.partition("/")[2],
        "image": f"{kind}:{number}",
        "port": 80,
        "replicas": chance.choice([0, 1, 1, 2, 3]),
        "domain": f"{name.replace('/', '-')}.example",
        "resources": {"memory": chance.choice(["256Mi", "1Gi", "2Gi"]), "cpu": 0.25},
        "placement": {"spread": chance.choice(["prefer", "prefer", "require", "none"])},
        "depends_on": chance.choice([[], [], ["shop/db"]]) if name == "shop/web" else [],
        "deploy": {"ready_within_secs": 10, "drain_secs": chance.choice([0, 2])},
    }
    if name == "shop/db":
        fields["volumes"] = [{"name": "data", "path": "/data"}]
    else:
        fields["deploy"] |= chance.choice(
            [{}, {"strategy": "canary"}, {"max_surge": 0, "max_unavailable": 1}, {"max_surge": 2}]
        )
    service = msgspec.convert(fields, Service)
    return Declaration(name, service, service.depends_on, digest=f"sha256:{number}")


def quiet() -> Declaration:
    """The service that nobody ever touches."""
    fields = {
        "name": "quiet",
        "image": "good:0",
        "port": 80,
        "domain": "quiet.example",
        "replicas": 2,
        "resources": {"memory": "64Mi", "cpu": 0.05},
    }
    return Declaration(QUIET, msgspec.convert(fields, Service), (), "sha256:0")


def draw_wish(chance: Random, state: State, number: int) -> Event:
    name = chance.choice(TOUCHED)
    node = chance.choice(sorted(state.nodes))
    if chance.random() < 0.5 or name not in state.services:
        return Deploy((draw_declaration(name, chance, number),))
    wishes: list[Event] = [
        Scale(name, chance.randint(0, 4)),
        Stop(name),
        Resume(name),
        Redeploy(name, f"sha256:{number}"),
        Rollback(name),
        Promote(name),
        Abort(name),
        Drain(node),
        Undrain(node),
    ]
    return chance.choice(wishes)
