"""`swarmhaul agent`, `deposit` and `refer`: who deals on a market, money for them, and a word."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import uvloop

from basis.kit.limits import parse_networks
from basis.kit.logs import set_up_logs
from basis.kit.outgoing import Outgoing
from basis.kit.secret import Secret
from basis.kit.signing import SigningKey, read_key
from swarmhaul.agents import Life, ModelReasoner, Purse, Reasoner, RuleReasoner, live, read_profile
from swarmhaul.cli.options import DATA, FILE, FILE_THERE, SPEED, SPEED_HELP, URL, key_in, refusals
from swarmhaul.client import ANY_MARKET, SCORE_OF_ONE, Expected, open_dealer
from swarmhaul.kit.config import ConfigRefused, load_config
from swarmhaul.kit.keyfiles import KeyFileDamaged, own_seed
from swarmhaul.samples import THIS_MACHINE, bring_money
from swarmhaul.settlement import SUPPLY_MAX


@click.command("deposit")
@DATA
@URL
@click.option("--to", "wallet", required=True, help="The public key of whoever gets it.")
@click.option("--amount", required=True, type=click.IntRange(1, SUPPLY_MAX), help="Lamports.")
def deposit(*, data: Path | None, url: str, wallet: str, amount: int) -> None:
    """Bring money onto the rail of a market whose treasury you keep."""
    with refusals(ConfigRefused, KeyFileDamaged):
        config = load_config(os.environ, data_dir=data)
        path = config.data_dir / "treasury.key"
        if not path.exists():
            raise click.ClickException(f"{path} is not there, and only the treasury brings money.")
        treasury = SigningKey.of_seed(own_seed(config.data_dir, "treasury"))
        read_key(wallet)
        balance = uvloop.run(bring_money(url, treasury, wallet, amount))
    print(f"{wallet} has {balance:,} lamports.")


@click.command("agent")
@URL
@click.option("--profile", required=True, type=FILE_THERE, help="Vehicle, area and costs, in TOML.")
@click.option("--key", required=True, type=FILE, help="A NAME.key file; made if it is not there.")
@click.option("--market", default="swarmhaul", show_default=True, help="The market that is meant.")
@click.option("--rail", type=click.Choice(["svm", "ledger"]), help="The rail that is expected.")
@click.option("--speed", default=1.0, show_default=True, type=SPEED, help=SPEED_HELP)
@click.option(
    "--inside", is_flag=True, help="Also ask houses on this machine for the doors of their guests."
)
@click.option("--model-url", help="An endpoint that speaks OpenAI's chat completions, up to /v1.")
@click.option("--model", default="", help="The model to ask there.")
@click.option("--model-key", type=FILE_THERE, help="A file with the key for that endpoint.")
@click.option("--tokens-a-day", default=100_000, show_default=True, type=click.IntRange(0))
def run_agent(
    *, url: str, profile: Path, key: Path, speed: float, inside: bool, **more: Any
) -> None:
    """Bid for parts of jobs, carry what was won, and sign arrivals and hand-overs."""
    with refusals(KeyFileDamaged):
        set_up_logs("text")
        life = Life(
            url=url,
            key=key_in(key),
            profile=read_profile(profile.read_text()),
            expected=Expected(market=more["market"], rail=more["rail"]),
            reasoner=reasoner_of(
                more["model_url"], more["model"], more["model_key"], more["tokens_a_day"]
            ),
            speed=speed,
            networks=parse_networks(THIS_MACHINE if inside else ()),
            show=show_on_terminal,
        )
        print(f"{life.profile.name} is {life.key.public}", flush=True)
        uvloop.run(until_told(live(life)))


@click.command("refer")
@URL
@click.option("--key", required=True, type=FILE_THERE, help="The NAME.key file of who refers.")
@click.argument("stranger")
def refer(*, url: str, key: Path, stranger: str) -> None:
    """Tell a market that you know a STRANGER, by their public key. It counts as much as your own
    name does there.
    """
    with refusals(KeyFileDamaged):
        read_key(stranger)
        score = uvloop.run(refer_to(url, key_in(key), stranger))
    print(f"{stranger} stands at {score / SCORE_OF_ONE:.3f} with this market.")


async def refer_to(url: str, key: SigningKey, stranger: str) -> int:
    async with open_dealer(url, key, expected=ANY_MARKET) as dealer:
        return (await dealer.refer(stranger)).score


def show_on_terminal(job: str, door: Secret) -> None:
    """A service or a pipe shows nothing: there it would be kept as a log."""
    if sys.stdout.isatty():
        # A stranger wrote it: nothing in it moves the cursor.
        plain = "".join(letter if letter.isprintable() else " " for letter in door)
        print(f"Job {job} goes to {plain}", flush=True)


def reasoner_of(url: str | None, model: str, key: Path | None, tokens_a_day: int) -> Reasoner:
    """A rule, or a model where one was named; whoever names it may mean this machine."""
    if url is None:
        return RuleReasoner()
    return ModelReasoner(
        endpoint=url.rstrip("/"),
        model=model,
        key=Secret(key.read_text().strip() if key else "none"),
        outgoing=Outgoing(parse_networks(THIS_MACHINE)),
        purse=Purse(tokens_a_day),
    )


async def until_told(work: Coroutine[None, None, None]) -> None:
    """Until the system asks us to stop."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
