"""`swarmhaul mcp`."""

from __future__ import annotations

import click
import uvloop

from basis.kit.logs import set_up_logs
from swarmhaul.bridge import carry_tools
from swarmhaul.cli.options import URL


@click.command("mcp")
@URL
def speak(*, url: str) -> None:
    """Offer the tools of a market over standard input and output, to a program that thinks."""
    set_up_logs("text")
    uvloop.run(carry_tools(url))
