"""The demo with couriers: somebody orders, again and again, and nobody has to press anything."""

from __future__ import annotations

import socket
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

import pytest

from basis.kit.testing import SECRET_KEY
from kitchenasty import handoff, locations
from kitchenasty.cli.couriers import (
    PORT,
    TERMS,
    Neighbours,
    fill_purse,
    keep_port,
    pick_port,
)
from kitchenasty.demo import Supper, Table
from kitchenasty.demo.suppers import ALIVE_MAX, AROUND, EVERY, HOMES
from kitchenasty.handoff import HandoffState, rules
from kitchenasty.kit.config import Config
from kitchenasty.orders import OrderStatus
from swarmhaul.market.tests.builders import ADA, BEN
from swarmhaul.matching import Place
from swarmhaul.tests.shipping import MILL, chain_to
from tests.handoff.town import DRAFT, URL, Town

TWO = ((ADA, 1_500_000), (BEN, 2_500_000))


@pytest.fixture
async def table(town: Town) -> Table:
    """At the house of the town, which delivers to where the demo's guests live."""
    zone = locations.ZoneDraft(name="Across the river", codes="D01*, D07*")
    async with town.books.writing() as uow:
        await locations.add_zone(uow, town.house.id, zone)
    return Table(town.books, town.house.id, Random(7))


async def ordered(town: Town, table: Table) -> Supper:
    supper = await table.look_after()
    assert supper is not None
    await town.tell()
    await town.visit()
    return supper


async def change_terms(town: Town, **changes: object) -> None:
    version = (await town.terms()).version
    async with town.books.writing() as uow:
        draft = replace(DRAFT, **changes)  # type: ignore[arg-type]
        await handoff.set_terms(uow, town.house.id, draft, version=version)


async def test_a_supper_is_ordered_accepted_cooked_and_brought_by_two(
    town: Town, table: Table
) -> None:
    supper = await ordered(town, table)
    assert (await town.found(supper.order_id)).state is HandoffState.LISTED
    job = await town.relay(supper.order_id, *TWO)
    await town.accept(job, ADA, BEN)
    for step in (OrderStatus.PREPARING, OrderStatus.READY, OrderStatus.READY):
        assert await table.look_after() is None, "one is on its way"
        assert await town.status(supper.order_id) is step
    await town.arrive(job, 0, ADA)
    await town.confirm(job, 0, ADA, BEN)
    await town.arrive(job, 1, BEN)
    await town.visit()
    town.clock.advance(seconds=DRAFT.confirm_seconds)
    await town.visit()
    await town.visit()
    assert await town.status(supper.order_id) is OrderStatus.DELIVERED
    assert (await town.found(supper.order_id)).paid == sum(pay for _, pay in TWO)
    following = await ordered(town, table)
    assert following.order_id != supper.order_id


async def test_however_long_one_takes_another_is_ordered_but_never_too_many(
    town: Town, table: Table
) -> None:
    await ordered(town, table)
    for _ in range(ALIVE_MAX - 1):
        assert await table.look_after() is None
        town.clock.advance(seconds=EVERY.total_seconds())
        await ordered(town, table)
    town.clock.advance(seconds=EVERY.total_seconds())
    assert await table.look_after() is None


async def test_what_nobody_brings_leaves_the_kitchen(town: Town, table: Table) -> None:
    supper = await ordered(town, table)
    await town.relay(supper.order_id)
    for _ in range(3):
        await town.visit()
    assert (await town.found(supper.order_id)).state is HandoffState.NOBODY
    await table.look_after()
    assert await town.status(supper.order_id) is OrderStatus.CANCELLED


async def test_a_demo_that_is_started_again_finds_its_kitchen_as_it_was(
    town: Town, table: Table
) -> None:
    supper = await ordered(town, table)
    await Table(town.books, town.house.id, Random(8)).look_after()
    assert await town.status(supper.order_id) is OrderStatus.PREPARING
    await town.relay(supper.order_id)
    for _ in range(3):
        await town.visit()
    assert (await town.found(supper.order_id)).state is HandoffState.NOBODY
    await Table(town.books, town.house.id, Random(9)).look_after()
    assert await town.status(supper.order_id) is OrderStatus.CANCELLED


async def test_nobody_orders_where_nobody_would_come(town: Town, table: Table) -> None:
    await change_terms(town, is_on=False)
    assert await table.look_after() is None, "nothing is handed over"
    await change_terms(town, most=10 * DRAFT.most + 20_000_000)
    await handoff.talk(town.books, town.street, town.books.system, town.house.id)
    assert (await town.terms()).is_short
    assert await table.look_after() is None, "there is no money for it"
    await change_terms(town)
    supper = await table.look_after()
    assert supper is not None
    town.street.is_closed = True
    await town.tell()
    await town.visit()
    town.clock.advance(seconds=EVERY.total_seconds())
    assert await table.look_after() is None, "the market is away"


async def test_money_that_nobody_can_bring_is_missed_aloud_and_once(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await change_terms(town, most=10 * DRAFT.most + 20_000_000)
    await handoff.talk(town.books, town.street, town.books.system, town.house.id)
    here = beside(town, tmp_path)
    for _ in range(2):
        await fill_purse(here, town.house.id, URL)
    assert capsys.readouterr().out.count("Nobody could bring money") == 1


async def test_the_market_beside_the_demo_comes_back_at_the_port_where_it_was(
    town: Town, tmp_path: Path
) -> None:
    here = beside(town, tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        keep_port(here, f"http://127.0.0.1:{port}")
        assert pick_port(here) != port, "somebody else is there"
    assert pick_port(here) == port
    here.port_file.write_text("damaged")
    assert pick_port(here) in {PORT, 0}


def beside(town: Town, folder: Path) -> Neighbours:
    """With a program that fails whatever it is asked for."""
    config = Config(data_dir=folder, database_url="sqlite:///never", secret_key=SECRET_KEY)
    here = Neighbours(town.books, config, "http://house.example", Path("/bin/false"))
    here.folder.mkdir()
    return here


def test_wherever_they_live_two_of_the_samples_bring_it() -> None:
    """Also to the middle of the square, which is all that the market knows, for no more money than
    the demo's rule gives.
    """
    mill = handoff.Place(latitude=MILL.latitude, longitude=MILL.longitude)
    steps = (-AROUND, 0.0, AROUND)
    for (_, latitude, longitude), north, east in product(HOMES, steps, steps):
        guest = handoff.Place(latitude=latitude + north, longitude=longitude + east)
        square = rules.cell_of(guest)
        metres = rules.metres_between(mill, square)
        budget = rules.budget_of(metres, base=TERMS.base, per_km=TERMS.per_km, most=TERMS.most)
        carriers = chain_to(Place(square.latitude, square.longitude), budget=budget)
        assert carriers[:1] == ["Aoife"]
        assert len(carriers) == 2
