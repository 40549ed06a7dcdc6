"""The command line: `orca`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

import click

from basis.errors import DomainError
from basis.kit.secret import Secret
from orca.agent.cli import run_agent
from orca.api import Calling, NotAnswered, Refused
from orca.api.cli import show_journal, token_commands
from orca.certificates.cli import list_certificates
from orca.control.cli import COMMANDS as CONTROL_COMMANDS
from orca.importing.cli import import_commands
from orca.installing.cli import install_service, uninstall_service
from orca.secrets import WrongKey
from orca.secrets.cli import secrets_commands
from orca.serving import Place, serve
from orca.spec import SpecRefused, load_project

SERVER = "http://127.0.0.1:6880"
DATA = Path("/var/lib/orca")
TOKEN_FILE = Path("~/.config/orca/token")


class Commands(click.Group):
    """Says what was refused as a sentence, not as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (Refused, NotAnswered, SpecRefused) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.option("--server", envvar="ORCA_SERVER", default=SERVER, show_default=True)
@click.option(
    "--token-file",
    envvar="ORCA_TOKEN_FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    default=TOKEN_FILE,
    show_default=True,
    help="Holds the token, unless ORCA_TOKEN does.",
)
@click.option("--token", envvar="ORCA_TOKEN", hidden=True)
@click.pass_context
def main(ctx: click.Context, server: str, token_file: Path, token: str | None) -> None:
    """Containers on 2 to 20 servers, from TOML that fits on a screen."""
    if ctx.obj is None:
        ctx.obj = Calling(server, Secret(token or read_token(token_file.expanduser())))


def read_token(path: Path) -> str:
    """Without one the control plane says that it needs one."""
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


@main.command("check")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
def check_project(folder: Path) -> None:
    """Read a project and say everything that is wrong with it."""
    project = load_project(folder)
    print(f"{project.cluster.name}: {len(project.services)} services, nothing wrong.")


main.add_command(import_commands)
main.add_command(install_service)
main.add_command(uninstall_service)
main.add_command(list_certificates)


@main.command("server")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DATA)
@click.option("--cluster", required=True, help="Its name, as in cluster.toml.")
@click.option("--api-port", default=6880, show_default=True)
@click.option("--node-address", default="127.0.0.1", show_default=True)
@click.option("--node-port", default=6881, show_default=True)
def run_server(data: Path, cluster: str, api_port: int, node_address: str, node_port: int) -> None:
    """Run the control plane. Its API is for this machine; nodes come over TLS."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    try:
        asyncio.run(serve(Place(data, cluster, api_port, node_address, node_port)))
    except (DomainError, WrongKey, OSError) as error:
        raise click.ClickException(str(error)) from error


for each in CONTROL_COMMANDS:
    main.add_command(each)
main.add_command(run_agent)
main.add_command(secrets_commands)
main.add_command(token_commands)
main.add_command(show_journal)
