"""`orca server`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import click

from basis.errors import DomainError
from orca.secrets import WrongKey
from orca.serving import Place, serve

DATA = Path("/var/lib/orca")


@click.command("server")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DATA)
@click.option("--cluster", required=True, help="Its name, as in cluster.toml.")
@click.option("--api-port", default=6880, show_default=True)
@click.option("--node-address", default="127.0.0.1", show_default=True)
@click.option("--node-port", default=6881, show_default=True)
def run_server(data: Path, cluster: str, api_port: int, node_address: str, node_port: int) -> None:
    """Run the control plane. Its API is for this machine; nodes come over TLS."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    try:
        asyncio.run(serve(Place(data, cluster, api_port, node_address, node_port)))
    except (DomainError, WrongKey, OSError) as error:
        raise click.ClickException(str(error)) from error


COMMANDS: tuple[click.Command, ...] = (run_server,)
