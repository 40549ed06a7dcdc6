"""What services are built from, on its way from somebody's disk to the control plane."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from basis.errors import DomainError
from orca.calling import Calling, Refused
from orca.contexts import ContextRefused, Packed, pack
from orca.spec import Build, Project

DECLARING = "service.toml"
"""Is no part of what is built: else other replicas would be another image."""
PART_BYTES = 1 << 18
NOT_KEPT = "NotKept"


@dataclass(frozen=True, slots=True)
class Contexts:
    """All of a project, packed: by their services, and where the files are by their names."""

    by_service: Mapping[str, Packed]
    folder: Path

    @property
    def names(self) -> dict[str, str]:
        return {service: packed.name for service, packed in self.by_service.items()}

    def bring(self, calling: Calling) -> None:
        """Those that are not there yet. Raises Refused, NotAnswered."""
        for service, packed in {
            each.name: (name, each) for name, each in self.by_service.items()
        }.values():
            if not is_there(calling, packed):
                with click.progressbar(length=packed.size, label=f"bringing {service}") as shown:
                    calling.send(
                        f"/contexts/{packed.name}",
                        parts_of(self.folder / packed.name),
                        shown.update,
                    )


def is_there(calling: Calling, packed: Packed) -> bool:
    try:
        calling.ask("GET", f"/contexts/{packed.name}")
    except Refused as refused:
        if refused.code == NOT_KEPT:
            return False
        raise
    return True


def parts_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(PART_BYTES):
            yield part


@contextmanager
def packed_contexts(
    project: Project, folder: Path, services: Collection[str]
) -> Iterator[Contexts]:
    """Of the services named, or of all. Raises ClickException."""
    with tempfile.TemporaryDirectory(prefix="orca-") as beside:
        found: dict[str, Packed] = {}
        for name, declared in project.services.items():
            build = declared.service.build
            if build is None or (services and name not in services):
                continue
            try:
                found[name] = packed_into(
                    Path(beside), folder / "services" / declared.project, build
                )
            except DomainError as refused:
                raise click.ClickException(f"{name} cannot be built: {refused}") from refused
        yield Contexts(found, Path(beside))


def packed_into(beside: Path, folder: Path, build: Build) -> Packed:
    """Raises ContextRefused, PatternMalformed."""
    context = folder / build.context
    if not context.resolve().is_relative_to(folder.resolve()):
        raise ContextRefused(f"`context` leads out of {folder} by a link.")
    is_here = context.resolve() == folder.resolve()
    with (beside / "new").open("wb") as file:
        packed = pack(context, build.dockerfile, file, without={DECLARING} if is_here else ())
    (beside / "new").replace(beside / packed.name)
    return packed
