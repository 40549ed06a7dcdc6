"""The sample couriers, and money for them: they deal on a market by its public API, as anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import structlog

from basis.escrow import Deposit
from basis.kit.limits import parse_networks
from basis.kit.signing import SigningKey, read_key
from swarmhaul.agents import Life, Profile, live, read_profile
from swarmhaul.client import Expected, MarketAway, open_dealer

logger = structlog.get_logger(__name__)

SAMPLES = ("aoife", "brendan", "ciara")
THIS_MACHINE = ("127.0.0.0/8", "::1")
"""Where the demo's house is, whom they ask for the door."""
WORKING_CAPITAL = 1_000_000_000
"""What a courier's wallet is filled up to: couriers hold a little before they may accept."""


@dataclass(frozen=True, slots=True)
class Sample:
    key: SigningKey
    profile: Profile


def read_sample(name: str) -> Profile:
    return read_profile((files("swarmhaul.samples") / f"{name}.toml").read_text())


def list_samples(keys: Sequence[SigningKey]) -> list[Sample]:
    return [Sample(key, read_sample(name)) for name, key in zip(SAMPLES, keys, strict=True)]


async def bring_money(url: str, treasury: SigningKey, wallet: str, amount: int) -> int:
    """Bring so much onto the rail, through its public door; answers the balance then. Raises
    MarketAway, MarketRefuses.
    """
    async with open_dealer(url, treasury) as dealer:
        await dealer.give(Deposit(wallet=read_key(wallet), amount=amount))
        return await dealer.read_balance(wallet)


async def fill_wallets(url: str, treasury: SigningKey, samples: Sequence[Sample]) -> None:
    """Up to the working capital, and no further however often it is started."""
    async with open_dealer(url, treasury) as dealer:
        for sample in samples:
            missing = WORKING_CAPITAL - await dealer.read_balance(sample.key.public)
            if missing > 0:
                wallet = read_key(sample.key.public)
                await dealer.give(Deposit(wallet=wallet, amount=missing))


async def keep_working(
    url: str, treasury: SigningKey, samples: Sequence[Sample], *, market: str, speed: float
) -> None:
    """Wait for the market, fill the wallets, say so, and live."""
    while True:
        try:
            await fill_wallets(url, treasury, samples)
        except MarketAway:
            await asyncio.sleep(0.2)
        else:
            break
    names = ", ".join(sample.profile.name for sample in samples)
    print(f"Ready: {url}, where {names} carry.", flush=True)  # noqa: T201  # for whoever started it
    async with asyncio.TaskGroup() as group:
        for sample in samples:
            life = Life(
                url=url,
                key=sample.key,
                profile=sample.profile,
                expected=Expected(market=market),
                speed=speed,
                networks=parse_networks(THIS_MACHINE),
            )
            group.create_task(live(life), name=f"courier {sample.profile.name}")
