"""`swarmhaul mcp`."""

from __future__ import annotations

from pathlib import Path

import click
import uvloop

from basis.kit.logs import set_up_logs
from swarmhaul.bridge import SigningLimits, carry_signing_tools, carry_tools
from swarmhaul.cli.options import FILE, URL, key_in, refusals
from swarmhaul.client import Expected
from swarmhaul.kit.keyfiles import KeyFileDamaged

LAMPORTS = click.IntRange(0, 8_000_000_000_000)
BID_MAX = 1_000_000_000_000


@click.command("mcp")
@URL
@click.option("--key", type=FILE, help="A NAME.key file that signs; made if it is not there.")
@click.option("--market", default="swarmhaul", show_default=True, help="The market that is meant.")
@click.option("--spend-max", default=0, show_default=True, type=LAMPORTS, help="To lock in all.")
@click.option("--once-max", type=LAMPORTS, help="To lock for one job.  [default: --spend-max]")
@click.option("--bid-max", default=BID_MAX, show_default=True, type=LAMPORTS, help="In one bid.")
def speak(
    *, url: str, key: Path | None, market: str, spend_max: int, once_max: int | None, bid_max: int
) -> None:
    """Offer the tools of a market over standard input and output, to a program that thinks.

    With --key it signs what the program wants, within these limits in lamports; the program never
    sees the key.
    """
    with refusals(KeyFileDamaged):
        set_up_logs("text")
        if key is None:
            uvloop.run(carry_tools(url))
            return
        limits = SigningLimits(
            total_max=spend_max,
            once_max=spend_max if once_max is None else once_max,
            bid_max=bid_max,
        )
        uvloop.run(carry_signing_tools(url, key_in(key), limits, Expected(market=market)))
