"""All commands of `orca`, as a page: from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from orca.cli import main


def commands_page(made: str) -> str:
    return "\n".join(
        [
            "# All commands of Orca",
            "",
            made,
            "",
            "`orca COMMAND --help` says more. [The first hour](README.md) shows them at work.",
            "",
            "| command | what it does | options |",
            "|---|---|---|",
            *(row_of(path, command) for path, command in commands_of(main, "orca")),
            "",
        ]
    )


def commands_of(
    group: click.Group, path: str, parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command]]:
    """Each with the words that lead to it, in the order of the alphabet."""
    context = click.Context(group, parent=parent, info_name=path)
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        assert command is not None
        if not command.hidden and is_called(command):
            yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{path} {name}", context)


def is_called(command: click.Command) -> bool:
    """Whether it does something by itself, and does not only hold others."""
    return not isinstance(command, click.Group) or command.invoke_without_command


def row_of(path: str, command: click.Command) -> str:
    given = [each for each in command.params if isinstance(each, click.Argument)]
    words = " ".join([path, *(each.make_metavar(click.Context(command)) for each in given)])
    told = " ".join((command.help or "").split()).replace("|", "\\|")
    options = [each for each in command.params if isinstance(each, click.Option)]
    listed = ", ".join(f"`{' / '.join([*each.opts, *each.secondary_opts])}`" for each in options)
    return f"| `{words.replace('|', ' or ')}` | {told} | {listed} |"
