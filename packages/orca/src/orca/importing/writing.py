"""An import as the files of a project. What is there is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit

from basis.errors import Conflict
from orca.importing.notes import Note
from orca.spec import read_project

CLUSTER = "cluster.toml"


class AlreadyThere(Conflict):
    """A file of this name is there."""


def write_project(
    folder: Path, project: str, services: Sequence[Mapping[str, Any]], notes: Sequence[Note]
) -> Path:
    """The file that was written. Raises AlreadyThere, and SpecRefused before anything is."""
    path = folder / "services" / project / "service.toml"
    cluster = folder / CLUSTER
    if path.exists():
        raise AlreadyThere(f"{path} is there. Choose another --project, or move it away.")
    text = text_of(services, notes)
    about = cluster.read_bytes() if cluster.exists() else cluster_text(project).encode()
    read_project({CLUSTER: about, f"services/{project}/service.toml": text.encode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cluster.exists():
        cluster.write_bytes(about)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def cluster_text(project: str) -> str:
    return f'[cluster]\nname = "{project}"\n'


def text_of(services: Sequence[Mapping[str, Any]], notes: Sequence[Note]) -> str:
    document = tomlkit.document()
    document.add(tomlkit.comment("Imported from a compose file."))
    for note in notes:
        document.add(tomlkit.comment(" ".join(str(note).split())))
    document["service"] = [dict(service) for service in services]
    return tomlkit.dumps(document)
