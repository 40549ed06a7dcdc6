"""Another value for every field of a service; a new field fails tests until it stands here."""

from __future__ import annotations

from typing import Any

ANOTHER: dict[str, Any] = {
    "image": "web:2",
    "build": {"context": "web"},
    "command": ["serve"],
    "port": 81,
    "env": {"A": "${secrets.A}"},
    "resources": {"memory": "300Mi"},
    "volumes": [{"name": "data", "path": "/data"}],
    "mounts": [{"host": "/srv/a", "path": "/a"}],
    "network": "back",
    "aliases": ["rest"],
    "replicas": 3,
    "domain": "other.example",
    "domains": ["more.example"],
    "routes": ["/api"],
    "strip_prefix": True,
    "rate_limit": {"per_second": 5, "burst": 5},
    "health": "/ok",
    "readiness": {"tcp": True},
    "liveness": {"tcp": True},
    "placement": {"spread": "none"},
    "depends_on": ["shop/other"],
    "stop_grace_secs": 3,
    "deploy": {"max_surge": 2},
}
