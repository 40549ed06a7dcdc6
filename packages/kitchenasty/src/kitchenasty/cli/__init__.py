"""The command line: `kitchenasty serve` and what keeps a house running."""

from kitchenasty.cli.commands import main

__all__ = ["main"]
