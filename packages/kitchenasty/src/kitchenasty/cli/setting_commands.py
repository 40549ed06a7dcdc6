"""`kitchenasty settings`: what the office's pages show and change, at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from kitchenasty.cli import setting_store
from kitchenasty.cli.commands import DATA_OPTION, run, said, settings


@click.group("settings")
def group() -> None:
    """The settings of the office: see and change them. Secrets are read, never shown."""


@group.command("list")
@DATA_OPTION
def list_all(data: Path | None) -> None:
    """Every setting: its name, its value, and where that comes from."""
    tell(run(setting_store.list_lines(settings(data))))


@group.command("get")
@click.argument("key")
@DATA_OPTION
def get_one(key: str, data: Path | None) -> None:
    """The value of the setting KEY, like mail.smtpHost."""
    [line] = run(setting_store.list_lines(settings(data), [key]))
    click.echo(line.value)


@group.command("set")
@click.argument("given", nargs=-1, metavar="KEY[=VALUE]...")
@click.option("--default", "gone", multiple=True, metavar="KEY", help="Forget what was saved.")
@DATA_OPTION
def set_some(given: tuple[str, ...], gone: tuple[str, ...], data: Path | None) -> None:
    """Save settings, all or none, like mail.smtpHost=a.example mail.smtpUser=u mail.smtpPass.

    The value of a KEY without one is read from standard input, a line for each; a secret always
    is, so that it stands in no history and no list of processes.
    """
    if not given and not gone:
        raise click.UsageError("Say which settings: KEY=VALUE, KEY, or --default KEY.")
    values = said(read_values, given)
    tell(run(setting_store.keep(settings(data), values, forgotten=gone)))


def read_values(given: Iterable[str]) -> dict[str, str]:
    """Raises SettingUnknown, UsageError."""
    values = {}
    for one in given:
        key, separator, value = one.partition("=")
        is_secret = setting_store.field_of(key).is_secret
        if separator and is_secret:
            raise click.UsageError(
                f"{key} is a secret: name it without a value and give that on standard input."
            )
        values[key] = value if separator else ask_for(key, is_secret=is_secret)
    return values


def ask_for(key: str, *, is_secret: bool) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(key, hide_input=is_secret, default="", show_default=False))
    return sys.stdin.readline().rstrip("\r\n")


def tell(lines: Iterable[setting_store.Line]) -> None:
    for line in lines:
        click.echo(f"{line.key} = {line.value}  [{line.source}]")
