"""`orca volumes`: where data are, and how they are given up."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click

from orca.calling import Calling


@click.group("volumes")
def volumes() -> None:
    """Data of services. They stay when a service is removed."""


@volumes.command("list")
@click.pass_obj
def list_volumes(calling: Calling) -> None:
    """All volumes with their nodes, and which of them belong to a service that is gone."""
    for volume in calling.ask("GET", "/volumes"):
        print(line_for(volume))


def line_for(volume: dict[str, Any]) -> str:
    slot = "" if volume["slot"] is None else f".{volume['slot']}"
    kept = "  kept, its service is gone" if volume["isKept"] else ""
    return f"{volume['service']:<24} {volume['name']}{slot} on {volume['node']}{kept}"


@volumes.command("remove")
@click.argument("service")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(calling: Calling, service: str, *, yes: bool) -> None:
    """Give up the data of a service that was removed, for ever."""
    found = [each for each in calling.ask("GET", "/volumes") if each["service"] == service]
    for volume in found:
        print(line_for(volume))
    if found and not yes:
        click.confirm("Remove these for ever?", abort=True)
    project, _, name = service.partition("/")
    path = f"/volumes/{quote(project, safe='')}/{quote(name or '-', safe='')}"
    calling.ask("DELETE", path)


COMMANDS: tuple[click.Command, ...] = (volumes,)
