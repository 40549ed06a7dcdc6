"""`swarmhaul verify`."""

from __future__ import annotations

import os
from pathlib import Path

import click
import uvloop

from basis.kit.logs import set_up_logs
from swarmhaul.cli.options import DATA, refusals
from swarmhaul.client import Calls
from swarmhaul.kit.config import Config, ConfigRefused, load_config
from swarmhaul.settlement import JournalDamaged
from swarmhaul.verifying import Report, gather_folder, gather_url, verify


@click.command("verify")
@click.option("--url", help="A market that runs, by its public API.")
@DATA
def check(*, url: str | None, data: Path | None) -> None:
    """Do all again that a market did, from what others signed: ends with 1 if anything is wrong.

    With --url from what anybody may read; with --data from the folder of a market that stands
    still.
    """
    set_up_logs("text")
    with refusals(ConfigRefused, JournalDamaged):
        if url is not None:
            report = uvloop.run(check_url(url))
        else:
            report = uvloop.run(check_folder(load_config(os.environ, data_dir=data)))
    print("\n".join(report.lines()))
    if not report.is_good:
        raise click.exceptions.Exit(1)


async def check_url(url: str) -> Report:
    calls = Calls(url)
    try:
        return verify(await gather_url(calls))
    finally:
        await calls.close()


async def check_folder(config: Config) -> Report:
    if not (config.data_dir / f"{config.rail.value}.journal").exists():
        raise ConfigRefused(f"No market was ever held in {config.data_dir}.")
    return verify(await gather_folder(config))
