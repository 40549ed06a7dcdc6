"""`python -m orca.demo`: a control plane and two nodes, until it is ended."""

from __future__ import annotations

import asyncio

import click

from orca.demo.cluster import DidNotStart
from orca.demo.story import show
from orca.testing import NoEngine, why_no_engine

PORT = 8090
WHAT_TO_DO = (
    "Only root may make networks for the engines: sudo make demo-orca. What is missing comes with "
    "tools/system_packages.sh on a system like Debian."
)


@click.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1_024, 65_534))
def main(port: int) -> None:
    """Run Orca on this machine to look at it: what is asked of it at PORT, its API one above."""
    if why := why_no_engine():
        raise click.ClickException(f"Orca cannot be shown here: {why}. {WHAT_TO_DO}")
    try:
        asyncio.run(show(port))
    except NoEngine as why:
        raise click.ClickException(f"Orca cannot be shown here: {why}. {WHAT_TO_DO}") from None
    except DidNotStart as why:
        raise click.ClickException(str(why)) from None


if __name__ == "__main__":
    main()
