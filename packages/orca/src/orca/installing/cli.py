"""`orca install-service` and `orca uninstall-service`."""

from __future__ import annotations

import difflib
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from basis.errors import DomainError
from orca.installing.units import UNITS, is_untouched, unit_of

FOLDER = Path("/etc/systemd/system")
INTO = click.Option(
    ["--folder"],
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where the units of the system are.",
)
DRY = click.Option(["--dry-run"], is_flag=True, help="Print it and do nothing.")
ABOUT = {
    "server": "Let systemd run `orca server` with these options.",
    "agent": "Let systemd run `orca agent` with these options.",
}


class Kept(click.Group):
    """Each command takes the options of the one that it keeps in a unit, whatever those are."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(UNITS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        whole = ctx.find_root().command
        assert isinstance(whole, click.Group)
        run = whole.get_command(ctx, name) if name in UNITS else None
        if run is None:
            return None
        keep = partial(keep_in_unit, name, run)
        params = [*run.params, INTO, DRY]
        return click.Command(name, params=params, callback=keep, help=ABOUT[name])


@click.group("install-service", cls=Kept)
def install_service() -> None:
    """Let systemd run Orca: from the start of the machine on, and again when it ends."""


def keep_in_unit(
    what: str, run: click.Command, *, data: Path, folder: Path, dry_run: bool, **options: Any
) -> None:
    words = [program(), what]
    for option in run.params:
        value = {**options, "data": data}[str(option.name)]
        if isinstance(value, bool):
            words += [option.opts[0]] * value
        elif value is not None:
            words += [option.opts[0], lasting(value)]
    try:
        text = unit_of(what, words, data.absolute())
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    install(folder / UNITS[what], text, data, dry_run=dry_run)


def lasting(value: Any) -> str:
    """The system runs it in another folder than the one in which this is typed."""
    if isinstance(value, Path):
        return str(value.absolute())
    is_program = isinstance(value, str) and value.startswith((".", "~"))
    return str(Path(value).expanduser().absolute()) if is_program else str(value)


@click.command("uninstall-service", params=[INTO, DRY])
@click.argument("what", type=click.Choice([*UNITS]))
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
