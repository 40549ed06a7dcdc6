"""Every command: read the settings, call one function, say what happened."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from basis.errors import DomainError
from basis.kit.data import schema
from basis.kit.logs import set_up_logs
from kitchenasty.cli import backup, counting, people, queue, serving, showing
from kitchenasty.cli.doctor import examine
from kitchenasty.kit.config import Config, ConfigRefused, load_config
from kitchenasty.kit.schema import SCHEMA

T = TypeVar("T")

MENDABLE = (
    DomainError,
    schema.UnknownSchema,
    serving.NotFitForProduction,
    serving.PortTaken,
    backup.BackupRefused,
)
DATA_OPTION = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the database, the secret key and the pictures (default: var).",
)
HOST_OPTION = click.option("--host", default="127.0.0.1", show_default=True)
PORT_OPTION = click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65_535)
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run a restaurant: orders, the kitchen, and the people of the house."""


@main.command()
@HOST_OPTION
@PORT_OPTION
@DATA_OPTION
def serve(host: str, port: int, data: Path | None) -> None:
    """Serve everything on one port, until stopped. Missing tables are made first."""
    config = settings(data)
    run(serving.serve(config, serving.Place(host, port)))


@main.command()
@HOST_OPTION
@PORT_OPTION
@DATA_OPTION
@click.option(
    "--couriers/--no-couriers",
    default=True,
    show_default=True,
    help="With a SwarmHaul market beside it, whose couriers bring what one house delivers.",
)
def demo(host: str, port: int, data: Path | None, *, couriers: bool) -> None:
    """Serve a living restaurant to look at: Juniper & Rye. A second start keeps its data."""
    place = serving.Place(host, port)
    run(showing.show(settings(data), place, with_couriers=couriers))


@main.command()
@DATA_OPTION
def work(data: Path | None) -> None:
    """Deliver events and run jobs without serving: for a process of its own, on PostgreSQL."""
    run(serving.work(settings(data)))


@main.command()
@DATA_OPTION
def migrate(data: Path | None) -> None:
    """Bring the tables to the version of this program."""
    changed = run(SCHEMA.migrate(settings(data).database_url))
    click.echo("The tables were brought up to date." if changed else "The tables are up to date.")


@main.command("create-admin")
@click.argument("email")
@click.option("--name", prompt=True)
@click.password_option()
@DATA_OPTION
def create_admin(email: str, name: str, password: str, data: Path | None) -> None:
    """Add an owner, who may do everything."""
    owner = run(people.add_owner(settings(data), email=email, name=name, password=password))
    click.echo(f"{owner.name} may sign in as {owner.email}.")


@main.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@DATA_OPTION
def back_up(file: Path, data: Path | None) -> None:
    """Write the whole house into one FILE, while it runs."""
    size = said(backup.write, settings(data), file)
    click.echo(f"{file}: {size:,} bytes, read back and found whole.")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@DATA_OPTION
def restore(file: Path, data: Path | None) -> None:
    """Lay the house in FILE out in an empty data folder."""
    folder = data or Path("var")
    said(backup.read, file, folder)
    click.echo(f"{folder} holds the house of {file}. Start it: kitchenasty serve --data {folder}")


@main.command()
@HOST_OPTION
@click.option("--port", type=click.IntRange(1, 65_535), help="Also look whether this port is free.")
@DATA_OPTION
def doctor(host: str, port: int | None, data: Path | None) -> None:
    """Look at everything a house needs and say in words what is wrong."""
    place = None if port is None else serving.Place(host, port)
    findings = run(examine(settings(data), place))
    for finding in findings:
        click.echo(f"{'ok ' if finding.is_well else 'BAD'}  {finding.subject}: {finding.words}")
    if not all(finding.is_well for finding in findings):
        sys.exit(1)


@main.command("count-figures")
@DATA_OPTION
def count_figures(data: Path | None) -> None:
    """Forget the figures of the reports and count every order again, while the house goes on."""
    count = run(counting.count_figures(settings(data)))
    click.echo(f"{count:,} orders were counted.")


@main.group("jobs")
def given_up() -> None:
    """Work that was tried twelve times and given up."""


@given_up.command("list")
@DATA_OPTION
def list_jobs(data: Path | None) -> None:
    """The jobs that were given up, newest first: id, name, when, and what they said last."""
    dead = run(queue.list_given_up(settings(data)))
    for job in dead:
        error = " ".join(job.error.split())
        click.echo(f"{job.id}  {job.name}  {job.dead_at:%Y-%m-%d %H:%M} UTC  {error}")
    if not dead:
        click.echo("No jobs were given up.")


@given_up.command("retry")
@click.argument("ids", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Retry every job that was given up.")
@DATA_OPTION
def retry_jobs(ids: tuple[str, ...], data: Path | None, *, every: bool) -> None:
    """Let the jobs with these IDS run again, as if they had never been tried."""
    if bool(ids) == every:
        raise click.UsageError("Name the ids that `kitchenasty jobs list` shows, or say --all.")
    revived = run(queue.retry(settings(data), ids))
    for job in revived:
        click.echo(f"{job.id}  {job.name}  runs again")
    if not revived:
        click.echo("No jobs were given up.")


def settings(data: Path | None) -> Config:
    """The configuration of this process, or a sentence and an exit."""
    try:
        config = load_config(os.environ, data_dir=data)
    except ConfigRefused as error:
        raise click.ClickException(str(error)) from error
    set_up_logs(config.log_format)
    return config


def run(act: Coroutine[Any, Any, T]) -> T:
    """Run one asynchronous function to its end."""
    with asyncio.Runner(loop_factory=serving.new_loop) as runner:
        answer: T = said(runner.run, act)
        return answer


def said(act: Callable[..., T], *arguments: Any) -> T:
    """What a person can mend is a sentence and exit code 1, not a traceback."""
    try:
        return act(*arguments)
    except MENDABLE as error:
        raise click.ClickException(str(error)) from error
