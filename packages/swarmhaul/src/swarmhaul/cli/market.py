"""`swarmhaul serve` and `swarmhaul demo`: what keeps a market running."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click
import uvloop

from basis.kit.data.schema import UnknownSchema
from basis.kit.logs import set_up_logs
from basis.kit.signing import SigningKey
from swarmhaul.cli.options import DATA, HOST, LISTEN, SPEED, SPEED_HELP, refusals
from swarmhaul.kit.config import ConfigRefused, load_config
from swarmhaul.kit.keyfiles import KeyFileDamaged, own_seed
from swarmhaul.samples import SAMPLES, keep_working, list_samples
from swarmhaul.serving import Place, PortTaken, serve
from swarmhaul.settlement import JournalDamaged

WONT_START = (ConfigRefused, JournalDamaged, KeyFileDamaged, PortTaken, UnknownSchema)


@click.command("serve")
@HOST
@LISTEN
@DATA
def serve_market(*, host: str, port: int, data: Path | None) -> None:
    """Hold a market: jobs, bids, awards, and the rail on which they are paid."""
    with refusals(*WONT_START):
        config = load_config(os.environ, data_dir=data)
        set_up_logs(config.log_format)
        uvloop.run(serve(config, Place(host, port)))


@click.command("demo")
@HOST
@LISTEN
@DATA
@click.option("--speed", default=60.0, show_default=True, type=SPEED, help=SPEED_HELP)
def demonstrate(*, host: str, port: int, data: Path | None, speed: float) -> None:
    """Hold a market on which three couriers work: what is listed in their area is carried."""
    with refusals(*WONT_START):
        config = load_config(os.environ, data_dir=data)
        set_up_logs(config.log_format)
        place = Place(host, port)
        treasury = SigningKey.of_seed(own_seed(config.data_dir, "treasury"))
        keys = [SigningKey.of_seed(own_seed(config.data_dir, name)) for name in SAMPLES]
        work = partial(
            keep_working,
            treasury=treasury,
            samples=list_samples(keys),
            market=config.market,
            speed=speed,
        )
        uvloop.run(serve(config, place, work))
