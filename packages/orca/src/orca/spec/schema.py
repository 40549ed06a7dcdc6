"""JSON schemas of the files, for editors that complete and check while one types."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from orca.spec.types import ClusterFile, ServiceFile

FILES = {"cluster": ClusterFile, "service": ServiceFile}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(name: str) -> dict[str, Any]:
    """The schema of `cluster` or `service`."""
    return {"$schema": DIALECT, **msgspec.json.schema(FILES[name])}


def schema_text(name: str) -> str:
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
