"""The command line: `kitchenasty serve` and what keeps a house running."""

from kitchenasty.cli.commands import main
from kitchenasty.cli.setting_commands import group

main.add_command(group)

__all__ = ["main"]
