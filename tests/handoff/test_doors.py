"""Where the guest lives: told to the last courier while it is on its way, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from basis.errors import DomainError
from basis.kit.signing import Signed, SigningKey, sign_statement
from basis.kit.testing import SECRET_KEY
from kitchenasty.handoff.addresses import Door, show_door
from kitchenasty.kit.config import Config
from kitchenasty.main import create_app
from swarmhaul.agents import Doors
from swarmhaul.agents.book import JobBook
from swarmhaul.client import AboutMarket, Calls, Dealer
from swarmhaul.market.tests.builders import ADA, BEN, CYD
from tests.handoff.town import URL, Street, Town

TWO = ((ADA, 1_500_000), (BEN, 2_500_000))


async def ask(town: Town, rail_id: str, signed: Signed) -> Door:
    async with town.books.reading() as look:
        return await show_door(look, rail_id, signed.text.encode(), signed.signature)


def wish(town: Town, key: SigningKey, rail_id: str, **fields: str) -> Signed:
    told = {"market": town.venue.name, "purpose": "handoff.address"} | fields
    market, purpose = told["market"], told["purpose"]
    return sign_statement(key, {"job": rail_id}, market=market, purpose=purpose, now=town.clock())


async def refused(town: Town, rail_id: str, signed: Signed) -> str:
    with pytest.raises(DomainError) as found:
        await ask(town, rail_id, signed)
    return found.value.code


async def test_the_last_courier_is_told_the_door_and_nobody_else_is(town: Town) -> None:
    order_id = await town.accepted(note="Ring twice")
    rail_id = (await town.found(order_id)).rail_id
    job = await town.relay(order_id, *TWO)
    assert await refused(town, rail_id, wish(town, BEN, rail_id)) == "NotTheLastCourier"
    await town.accept(job, ADA, BEN)
    await town.visit()
    for stranger in (ADA, CYD):
        assert await refused(town, rail_id, wish(town, stranger, rail_id)) == "NotTheLastCourier"
    door = await ask(town, rail_id, wish(town, BEN, rail_id))
    assert (door.line1, door.name, door.note) == ("7 Hidden Lane", "Anna Berg", "Ring twice")


async def test_a_door_is_not_told_for_another_order_or_with_another_word(town: Town) -> None:
    first, second = await town.accepted(), await town.accepted()
    for order_id in (first, second):
        job = await town.relay(order_id, *TWO)
        await town.accept(job, ADA, BEN)
        await town.visit()
    here, there = [(await town.found(one)).rail_id for one in (first, second)]
    assert await refused(town, here, wish(town, BEN, there)) == "NotTheLastCourier"
    assert await refused(town, here, wish(town, BEN, here, purpose="bid.place")) == "WrongPurpose"
    assert await refused(town, here, wish(town, BEN, here, market="other")) == "WrongMarket"
    old = wish(town, BEN, here)
    town.clock.advance(seconds=121)
    assert await refused(town, here, old) == "Expired"
    for nothing in ("0" * 32, "x", "g" * 32):
        assert await refused(town, nothing, wish(town, BEN, nothing)) == "HandoffNotFound"


async def test_after_the_delivery_nobody_keeps_the_right_to_ask(town: Town) -> None:
    order_id = await town.accepted()
    rail_id = (await town.found(order_id)).rail_id
    job = await town.relay(order_id, (CYD, 2_000_000))
    await town.accept(job, CYD)
    await town.visit()
    await ask(town, rail_id, wish(town, CYD, rail_id))
    await town.arrive(job, 0, CYD)
    await town.visit()
    assert await refused(town, rail_id, wish(town, CYD, rail_id)) == "NotTheLastCourier"


async def test_a_sample_agent_is_told_the_door_while_it_brings_the_last_part(
    town: Town, tmp_path: Path
) -> None:
    """By the address in the job, which everybody reads, and a signature that nobody else has."""
    order_id = await town.accepted(note="Ring twice")
    job = await town.relay(order_id, *TWO)
    await town.accept(job, ADA, BEN)
    await town.visit()
    config = Config(data_dir=tmp_path, database_url="sqlite:///never", secret_key=SECRET_KEY)
    house = Street(create_app(config, town.books))
    calls = Calls(URL)
    await calls.http.aclose()
    calls.http = httpx.AsyncClient(transport=town.street.transport, base_url=URL)
    about = await calls.read("/api/market", AboutMarket)
    with capture_logs() as logs:
        for key, is_told in ((ADA, False), (BEN, True)):
            dealer = Dealer(calls, key, about, town.clock)
            book = JobBook(dealer)
            await book.reload()
            doors = Doors(dealer, house)
            (haul,) = book.hauls()
            assert await doors.look_up(haul) is is_told
            assert ["7 Hidden Lane" in door for door in doors.known.values()] == [True] * is_told
            assert "Ring twice" not in repr(doors)
    await calls.close()
    assert "Hidden Lane" not in str(logs)
