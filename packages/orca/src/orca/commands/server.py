"""`orca server`."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from basis.errors import DomainError
from orca.planning import Patience
from orca.secrets import KeyDamaged, KeyMissing, WrongKey
from orca.serving import LoopEnded, Place, serve

logger = logging.getLogger(__name__)

DATA = Path("/var/lib/orca")
SILENCE = click.IntRange(3, 3_600)
AWAY = "Seconds of silence after which a node gets no requests."
LOST = "Seconds of silence after which what ran there is begun elsewhere."


@click.command("server")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DATA)
@click.option("--cluster", required=True, help="Its name, as in cluster.toml.")
@click.option("--api-port", default=6880, show_default=True)
@click.option("--node-address", default="127.0.0.1", show_default=True)
@click.option("--node-port", default=6881, show_default=True)
@click.option("--away-after", type=SILENCE, default=15, show_default=True, help=AWAY)
@click.option("--lost-after", type=SILENCE, default=40, show_default=True, help=LOST)
@click.option(
    "--node-certificate-days",
    type=click.IntRange(1, 3_650),
    default=365,
    show_default=True,
    help="How long certificates of nodes are good. They renew themselves when a third is left.",
)
def run_server(
    data: Path, away_after: int, lost_after: int, node_certificate_days: int, **options: Any
) -> None:
    """Run the control plane. Its API is for this machine; nodes come over TLS."""
    if lost_after <= away_after:
        raise click.UsageError("A node is lost later than it is away.")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    try:
        patience = Patience(away_after * 1_000, lost_after * 1_000)
        days = timedelta(days=node_certificate_days)
        place = Place(data, **options, patience=patience, node_certificates=days)
        asyncio.run(serve(place))
    except (DomainError, KeyDamaged, KeyMissing, WrongKey, OSError) as error:
        raise click.ClickException(str(error)) from error
    except LoopEnded as ended:
        logger.exception("the control plane stops")
        raise click.ClickException(str(ended)) from ended


COMMANDS: tuple[click.Command, ...] = (run_server,)
