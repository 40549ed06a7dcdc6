"""What operators of Orca are told to type is what its command line takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from orca.cli import main

FOLDER = Path(__file__).parents[1] / "docs" / "operators" / "orca"
PAGES = sorted(FOLDER.glob("*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`(orca [a-z][^`]*)`")
MADE = "commands.md"
SHORTENED = (click.MissingParameter, click.BadOptionUsage)


def commands_in(page: Path) -> Iterator[tuple[str, bool]]:
    """Lines of blocks, which are typed, and what is named in sentences."""
    text = page.read_text(encoding="utf-8")
    for language, block in BLOCK.findall(text):
        if not language:
            yield from ((line, True) for line in block.splitlines() if line.startswith("orca "))
    yield from ((line, False) for line in SPAN.findall(BLOCK.sub("", text)))


def parse(line: str) -> None:
    """Raises click's own complaints. Nothing is run."""
    words = shlex.split(re.split(r"\s[|<>#]\s|\s{2,}#|\s>\s", line)[0])[1:]
    group: click.Group = main
    context = click.Context(main, info_name="orca")
    while True:
        command = group.get_command(context, words[0]) if words else None
        if command is None:
            raise click.UsageError(f"no such command: {line}")
        if not isinstance(command, click.Group):
            command.make_context(words[0], words[1:], parent=context)
            return
        if len(words) == 1:
            return  # a group, named as such
        group, words = command, words[1:]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != MADE], ids=lambda p: p.name
)
def test_every_command_that_a_page_names_is_taken_as_it_stands(page: Path) -> None:
    refused = []
    for line, is_typed in commands_in(page):
        try:
            parse(line)
        except click.ClickException as error:
            is_shortened = isinstance(error, SHORTENED) and not is_typed
            is_theirs = "does not exist" in error.message  # a file of the reader's
            if not is_shortened and not is_theirs:
                refused.append(f"{line}: {error.format_message()}")
    assert refused == []


def test_a_command_that_is_not_there_would_be_seen() -> None:
    for line in ("orca fly", "orca scale shop/web", "orca deploy --now"):
        with pytest.raises(click.ClickException):
            parse(line)
