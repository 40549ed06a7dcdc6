"""The command line. Each command brings what it needs and no more: an agent starts without a market
in its memory.
"""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "agent": "couriers:run_agent",
    "build-program": "program:build",
    "demo": "market:demonstrate",
    "deposit": "couriers:deposit",
    "mcp": "tools:speak",
    "refer": "couriers:refer",
    "serve": "market:serve_market",
    "verify": "proofs:check",
}


class Commands(click.Group):
    """Those of COMMANDS, imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        found: click.Command = getattr(import_module(f"swarmhaul.cli.{module}"), name)
        return found


@click.group(cls=Commands)
def main() -> None:
    """Couriers and agents who do not trust each other share a delivery."""
