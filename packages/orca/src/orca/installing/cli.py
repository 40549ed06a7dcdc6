"""`orca install-service` and `orca uninstall-service`."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from pathlib import Path

import click

from basis.errors import DomainError
from orca.installing.units import UNITS, agent_unit, is_untouched, server_unit

FOLDER = Path("/etc/systemd/system")
INTO = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where the units of the system are.",
)
DRY = click.option("--dry-run", is_flag=True, help="Print it and do nothing.")
DATA = click.Path(file_okay=False, path_type=Path)


@click.group("install-service")
def install_service() -> None:
    """Let systemd run Orca: from the start of the machine on, and again when it ends."""


@install_service.command("server")
@click.option("--cluster", required=True, help="Its name, as in cluster.toml.")
@click.option("--data", type=DATA, default=Path("/var/lib/orca"), show_default=True)
@click.option("--node-address", default="127.0.0.1", show_default=True)
@click.option("--api-port", type=int, default=6880, show_default=True)
@click.option("--node-port", type=int, default=6881, show_default=True)
@INTO
@DRY
def install_server(  # noqa: PLR0913 - one for each option
    *,
    cluster: str,
    data: Path,
    node_address: str,
    api_port: int,
    node_port: int,
    folder: Path,
    dry_run: bool,
) -> None:
    """The control plane."""
    command = [
        program(), "server", "--data", str(data.absolute()), "--cluster", cluster,
        "--node-address", node_address, "--api-port", str(api_port), "--node-port", str(node_port),
    ]  # fmt: skip
    install(folder / UNITS["server"], written(server_unit, command, data), data, dry_run=dry_run)


@install_service.command("agent")
@click.option("--control", required=True, help="Where the control plane listens: host:port.")
@click.option("--data", type=DATA, default=Path("/var/lib/orca-agent"), show_default=True)
@click.option("--engine", default="unix:///var/run/docker.sock", show_default=True)
@click.option("--address", default="127.0.0.1", help="Of this node, where its ports are published.")
@click.option("--join-file", type=click.Path(path_type=Path), help="Holds a token, the first time.")
@click.option("--inner-port", type=int, help="Of the loopback, instead of 6882: of its proxy.")
@click.option("--feed-port", type=int, help="Of the loopback, instead of 6883: for its proxy.")
@INTO
@DRY
def install_agent(  # noqa: PLR0913 - one for each option
    *,
    control: str,
    data: Path,
    engine: str,
    address: str,
    join_file: Path | None,
    inner_port: int | None,
    feed_port: int | None,
    folder: Path,
    dry_run: bool,
) -> None:
    """The agent of this node."""
    command = [
        program(), "agent", "--control", control, "--data", str(data.absolute()),
        "--engine", engine, "--address", address,
        *(["--join-file", str(join_file.absolute())] if join_file else []),
        *(["--inner-port", str(inner_port)] if inner_port else []),
        *(["--feed-port", str(feed_port)] if feed_port else []),
    ]  # fmt: skip
    install(folder / UNITS["agent"], written(agent_unit, command, data), data, dry_run=dry_run)


@click.command("uninstall-service")
@click.argument("what", type=click.Choice([*UNITS]))
@INTO
@DRY
def uninstall_service(what: str, *, folder: Path, dry_run: bool) -> None:
    """Take the unit away. Data, containers and proxy stay as they are."""
    path = folder / UNITS[what]
    if not path.exists():
        raise click.ClickException(f"{path} is not there.")
    if dry_run:
        print(f"{path} would be taken away.")
        return
    if not is_untouched(path.read_text(encoding="utf-8")):
        click.confirm(f"{path} was changed by somebody. Take it away?", abort=True)
    path.unlink()
    print(f"{path} is taken away. Now:\n  systemctl disable --now {path.name}")
    print("  systemctl daemon-reload")


def written(make: Callable[[list[str], Path], str], command: list[str], data: Path) -> str:
    try:
        return make(command, data.absolute())
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def program() -> str:
    """The very program that runs now, wherever it lies."""
    return str(Path(sys.argv[0]).absolute())


def install(path: Path, text: str, data: Path, *, dry_run: bool) -> None:
    """Written whole and renamed. What somebody changed is shown, and asked about."""
    if dry_run:
        print(text, end="")
        return
    known = path.read_text(encoding="utf-8") if path.exists() else None
    if known is not None and known != text and not is_untouched(known):
        show_difference(known, text, path)
        click.confirm(f"{path} was changed by somebody. Write it anew?", abort=True)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if known == text:
        print(f"{path} is as it should be.")
        return
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.chmod(0o644)
    beside.replace(path)
    print(f"{path} is written. Now:\n  systemctl daemon-reload")
    print(f"  systemctl enable --now {path.name}")


def show_difference(known: str, text: str, path: Path) -> None:
    lines = difflib.unified_diff(
        known.splitlines(), text.splitlines(), f"{path} as it is", "as it would be", lineterm=""
    )
    for line in lines:
        print(line)


COMMANDS: tuple[click.Command, ...] = (install_service, uninstall_service)
