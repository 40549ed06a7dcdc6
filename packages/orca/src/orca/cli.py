"""The command line: `orca`."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from basis.kit.secret import Secret
from orca.calling import Calling, NotAnswered, Refused
from orca.spec import SpecRefused, load_project

SERVER = "http://127.0.0.1:6880"
TOKEN = "ORCA_TOKEN"  # noqa: S105 - the name of a variable
"""Never an option: the arguments of a process are there for everybody on its machine to read."""
TOKEN_FILE = Path("~/.config/orca/token")


WHERE = {
    "orca.agent.cli": "agent",
    "orca.commands.certificates": "certificates",
    "orca.commands.cluster": (
        "plan deploy status scale rollback logs exec nodes drain undrain "
        "stop resume redeploy promote abort"
    ),
    "orca.commands.secrets": "secrets",
    "orca.commands.server": "server",
    "orca.commands.tokens": "token journal",
    "orca.importing.cli": "import",
    "orca.commands.volumes": "volumes",
    "orca.installing.cli": "install-service uninstall-service",
}
"""The commands by their modules. A module is loaded for its commands alone: all of them together
take a second and a half.
"""
MODULES = {name: module for module, names in WHERE.items() for name in names.split()}


class Commands(click.Group):
    """Says what was refused as a sentence, not as a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*MODULES, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in MODULES:
            return super().get_command(ctx, name)
        commands: tuple[click.Command, ...] = import_module(MODULES[name]).COMMANDS
        return next(command for command in commands if command.name == name)

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
@click.pass_context
def main(ctx: click.Context, server: str, token_file: Path) -> None:
    """Containers on 2 to 20 servers, from TOML that fits on a screen."""
    if ctx.obj is None:
        ctx.obj = Calling(server, Secret(os.environ.get(TOKEN) or read_token(token_file)))


def read_token(path: Path) -> str:
    """Without one the control plane says that it needs one."""
    file = path.expanduser()
    return file.read_text(encoding="ascii").strip() if file.is_file() else ""


@main.command("check")
@click.option(
    "--folder",
    "-f",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where the files are; here unless said.",
)
def check_project(folder: Path) -> None:
    """Read a project and say everything that is wrong with it."""
    project = load_project(folder)
    print(f"{project.name}: {len(project.services)} services, nothing wrong.")
