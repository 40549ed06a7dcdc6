"""Strangers carry a load and are paid, without a human click, whoever is killed meanwhile."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from basis.kit.signing import SigningKey
from swarmhaul.client import Dealer, JobTold, open_dealer
from swarmhaul.samples import SAMPLES, bring_money
from swarmhaul.tests.processes import Process
from swarmhaul.tests.shipping import BUDGET, receive, seen, ship
from swarmhaul.verifying import gather_url, verify

SHIPPER = SigningKey.of_seed(b"s" * 32)
CAPITAL = 1_000_000_000
SPEED = "600"
IS = r" is (\w{32,44})$"


class Town:
    """A market and three couriers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.market = self.process("market", "serve", "--port", "0", "--data", str(folder))
        self.market.start()
        self.port = self.market.said(r"http://127\.0\.0\.1:(\d+)").group(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.couriers: dict[str, Process] = {}

    def process(self, name: str, *arguments: str) -> Process:
        return Process(self.folder.parent / f"{name}.log", arguments)

    def start_couriers(self) -> None:
        made = [
            self.process(
                name, "agent", "--url", self.url, "--profile",
                str(files("swarmhaul.samples") / f"{name}.toml"),
                "--key", str(self.folder / f"{name}.key"), "--speed", SPEED,
            )
            for name in SAMPLES
        ]  # fmt: skip
        for one in made:
            one.start()
        for one in made:
            self.couriers[one.said(IS).group(1)] = one

    def kill_courier(self, key: str) -> None:
        courier = self.couriers[key]
        assert courier.end(signal.SIGKILL) == -signal.SIGKILL
        courier.start()

    def kill_market(self) -> None:
        assert self.market.end(signal.SIGKILL) == -signal.SIGKILL
        self.market.arguments = ("serve", "--port", self.port, "--data", str(self.folder))
        self.market.start()

    async def fund(self) -> None:
        treasury = SigningKey.of_seed(bytes.fromhex((self.folder / "treasury.key").read_text()))
        for wallet in (*self.couriers, SHIPPER.public):
            assert await bring_money(self.url, treasury, wallet, CAPITAL) == CAPITAL

    def end(self) -> None:
        for process in (*self.couriers.values(), self.market):
            if process.process is not None:
                process.end(signal.SIGKILL)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path / "data")
    try:
        made.start_couriers()
        yield made
    finally:
        made.end()


async def test_strangers_carry_a_load_and_are_paid_whoever_is_killed(town: Town) -> None:
    await town.fund()
    async with open_dealer(town.url, SHIPPER, tries=30) as shipper:
        job = await ship(shipper, seconds=120)
        job = await seen(shipper, job, lambda one: one.status == "awarded")
        assert {bid.agent for bid in await shipper.list_bids(job.id)} == set(town.couriers)
        assert len({leg.agent for leg in job.legs}) == 2
        first = job.legs[0].agent
        # Once before or on its ride, once the market, and once who waits for the load.
        town.kill_courier(first)
        town.kill_market()
        town.kill_courier(job.legs[1].agent)
        town.market.said("Serving")
        assert town.couriers[first].said(IS).group(1) == first
        job = await receive(shipper, job)
        await check_books(town, shipper, job)
        report = verify(await gather_url(shipper.calls))
        assert report.is_good, report.lines()
    assert town.market.end() == 0
    assert town.couriers[first].end() == 0


async def check_books(town: Town, shipper: Dealer, job: JobTold) -> None:
    """Everything happened once, and every lamport is where it belongs."""
    pays = {leg.agent: leg.pay for leg in job.legs}
    assert job.status == "delivered"
    assert job.paid == sum(pays.values()) < BUDGET
    assert await shipper.read_balance() == CAPITAL - job.paid
    for courier in town.couriers:
        assert await shipper.read_balance(courier) == CAPITAL + pays.get(courier, 0)
    told, _ = await shipper.calls.call("GET", "/api/rail/entries")
    commands = Counter(re.findall(r'"command":"(\w+)"', told.decode()))
    assert commands == {
        "Deposit": 4, "Open": 1, "Award": 1, "Accept": 2, "Arrive": 2, "Confirm": 2, "Close": 1,
    }  # fmt: skip
    for courier in town.couriers:
        standing = await shipper.calls.read(f"/api/reputation/{courier}", dict)
        assert (standing["completed"], standing["breached"]) == (int(courier in pays), 0)
