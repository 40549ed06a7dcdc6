"""`orca certificates`."""

from __future__ import annotations

import click

from orca.calling import Calling


@click.command("certificates")
@click.pass_obj
def list_certificates(calling: Calling) -> None:
    """Which there are, until when, and what is wrong."""
    for line in calling.ask("GET", "/certificates"):
        names = ", ".join(line["domains"]) or line["name"]
        source = "brought" if line["own"] else "ordered"
        print(
            f"{names}: {source}, until {line['endsAt'] or '(none yet)'} {line['trouble']}".strip()
        )


COMMANDS: tuple[click.Command, ...] = (list_certificates,)
