"""`orca import compose`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from basis.errors import DomainError
from orca.importing.compose import import_compose, name_here, parse
from orca.importing.writing import write_project

TEXT_BYTES_MAX = 256 * 1024


@click.group("import")
def import_commands() -> None:
    """Take over what other tools run."""


@import_commands.command("compose")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--project", help="What it is called. Without: as its folder.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(),
    help="The folder of the cluster's files.", show_default=True,
)  # fmt: skip
def take_over_compose(file: Path, project: str | None, folder: Path) -> None:
    """Write a compose file's services as a project, and say what was not carried over."""
    try:
        raw = file.read_bytes()
        imported = import_compose(raw, env_files=env_files_of(file, parse(raw)))
        name = name_here(project or file.resolve().parent.name)
        written = write_project(folder, name, imported.services, imported.notes)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    for note in imported.notes:
        print(note)
    print(f"{len(imported.services)} services in {written}, {len(imported.notes)} notes above.")


def env_files_of(file: Path, document: dict[str, Any]) -> dict[str, str]:
    """The files that services name, if they lie beside the file or below it."""
    root = file.resolve().parent
    found: dict[str, str] = {}
    for service in document["services"].values():
        named = (service or {}).get("env_file") or []
        for one in named if isinstance(named, list) else [named]:
            name = str(one.get("path") if isinstance(one, dict) else one)
            path = (root / name).resolve()
            if path.is_relative_to(root) and path.is_file():
                with path.open(encoding="utf-8", errors="replace") as text:
                    found[name] = text.read(TEXT_BYTES_MAX)
    return found


COMMANDS: tuple[click.Command, ...] = (import_commands,)
