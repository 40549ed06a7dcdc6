"""`orca secrets`: values come from the standard input or a prompt, never from the command line,
where every process of the machine can read them.
"""

from __future__ import annotations

import sys
from urllib.parse import quote

import click

from orca.calling import Calling
from orca.spec import VALUE_BYTES_MAX

PROJECT = click.option("--project", help="Whose it is. Without: the cluster's.")


@click.group("secrets")
def secrets_commands() -> None:
    """What containers are told and nobody else: sealed, by name and version."""


@secrets_commands.command("set")
@click.argument("name")
@PROJECT
@click.pass_obj
def set_secret(calling: Calling, name: str, project: str | None) -> None:
    """Set a secret to what is typed, or piped in: `orca secrets set DB_URL < file`."""
    value = typed_or_piped(name)
    told = calling.ask("PUT", path_of(name), {"value": value}, query={"project": project})
    print(f"{name} is at version {told['version']}. What runs keeps the old one: orca redeploy")


@secrets_commands.command("list")
@click.pass_obj
def list_secrets(calling: Calling) -> None:
    """Names and versions."""
    for line in calling.ask("GET", "/secrets"):
        scope = line["project"] or "(cluster)"
        print(f"{scope:<20} {line['name']:<32} {line['version']:>4}  {line['setAt']}")


@secrets_commands.command("remove")
@click.argument("name")
@PROJECT
@click.pass_obj
def remove_secret(calling: Calling, name: str, project: str | None) -> None:
    """Forget a secret. A deploy that needs it fails and says so."""
    calling.ask("DELETE", path_of(name), query={"project": project})
    print(f"{name} is gone.")


@secrets_commands.command("rotate-key")
@click.pass_obj
def rotate_key(calling: Calling) -> None:
    """Make a new key, seal everything with it, forget the old one."""
    turned = calling.ask("POST", "/secrets/rotations")["turned"]
    print(f"{turned} sealed anew. Make a new backup of the key file: old ones open nothing now.")


def typed_or_piped(name: str) -> str:
    """One line break at the end is the editor's or echo's, not the secret's."""
    if sys.stdin.isatty():
        typed: str = click.prompt(name, hide_input=True, confirmation_prompt=True)
        return typed
    piped = sys.stdin.read(VALUE_BYTES_MAX + 2)
    value = piped.removesuffix("\n").removesuffix("\r")
    if not value:
        raise click.ClickException("Nothing came in. Pipe the value in, or type it at the prompt.")
    return value


def path_of(name: str) -> str:
    return f"/secrets/{quote(name, safe='')}"


COMMANDS: tuple[click.Command, ...] = (secrets_commands,)
