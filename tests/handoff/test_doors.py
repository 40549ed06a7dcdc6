"""Where the guest lives: told to the last courier while it is on its way, and to nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from basis.errors import DomainError
from basis.kit.outgoing import Answer, Outgoing
from basis.kit.signing import Signed, SigningKey, sign_statement
from basis.kit.testing import SECRET_KEY
from kitchenasty.handoff.addresses import Door, NotTheLastCourier, show_door
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


async def wish(town: Town, key: SigningKey, rail_id: str, **fields: str) -> Signed:
    told = {"market": town.venue.name, "purpose": "handoff.address"} | fields
    terms = {"job": rail_id, "shipper": told.get("shipper") or (await town.terms()).key}
    market, purpose = told["market"], told["purpose"]
    return sign_statement(key, terms, market=market, purpose=purpose, now=town.clock())


async def refused(town: Town, rail_id: str, signed: Signed) -> str:
    with pytest.raises(DomainError) as found:
        await ask(town, rail_id, signed)
    return found.value.code


async def test_the_last_courier_is_told_the_door_and_nobody_else_is(town: Town) -> None:
    order_id = await town.accepted(note="Ring twice")
    rail_id = (await town.found(order_id)).rail_id
    job = await town.relay(order_id, *TWO)
    assert await refused(town, rail_id, await wish(town, BEN, rail_id)) == "NotTheLastCourier"
    await town.accept(job, ADA, BEN)
    await town.visit()
    for stranger in (ADA, CYD):
        asked = await wish(town, stranger, rail_id)
        assert await refused(town, rail_id, asked) == "NotTheLastCourier"
    door = await ask(town, rail_id, await wish(town, BEN, rail_id))
    assert (door.line1, door.name, door.note) == ("7 Hidden Lane", "Anna Berg", "Ring twice")


async def test_a_door_is_not_told_for_another_order_or_with_another_word(town: Town) -> None:
    first, second = await town.accepted(), await town.accepted()
    for order_id in (first, second):
        job = await town.relay(order_id, *TWO)
        await town.accept(job, ADA, BEN)
        await town.visit()
    here, there = [(await town.found(one)).rail_id for one in (first, second)]
    assert await refused(town, here, await wish(town, BEN, there)) == "NotTheLastCourier"
    for field, code in (("purpose", "WrongPurpose"), ("market", "WrongMarket")):
        asked = await wish(town, BEN, here, **{field: "bid.place"})
        assert await refused(town, here, asked) == code
    old = await wish(town, BEN, here)
    town.clock.advance(seconds=121)
    assert await refused(town, here, old) == "Expired"
    for nothing in ("0" * 32, "x", "g" * 32):
        assert await refused(town, nothing, await wish(town, BEN, nothing)) == "HandoffNotFound"


async def test_after_the_delivery_nobody_keeps_the_right_to_ask(town: Town) -> None:
    order_id = await town.accepted()
    rail_id = (await town.found(order_id)).rail_id
    job = await town.relay(order_id, (CYD, 2_000_000))
    await town.accept(job, CYD)
    await town.visit()
    await ask(town, rail_id, await wish(town, CYD, rail_id))
    await town.arrive(job, 0, CYD)
    await town.visit()
    assert await refused(town, rail_id, await wish(town, CYD, rail_id)) == "NotTheLastCourier"


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
    shown: list[str] = []
    with capture_logs() as logs:
        for key, is_told in ((ADA, False), (BEN, True)):
            dealer = Dealer(calls, key, about, town.clock)
            book = JobBook(dealer)
            await book.reload()
            doors = Doors(dealer, house, lambda _, door: shown.append(door))
            (haul,) = book.hauls()
            assert await doors.look_up(haul) is is_told
            assert ["7 Hidden Lane" in door for door in shown] == [True] * is_told
            assert "Ring twice" not in repr(doors)
    await calls.close()
    assert "Hidden Lane" not in str(logs)


class Listener(Outgoing):
    """A stranger's house, which keeps what couriers say to it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[bytes, str]] = []

    async def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        *,
        bytes_max: int = 0,
    ) -> Answer:
        self.heard.append((content or b"", headers["x-signature"]))
        return Answer(200, b'{"data":{}}', {})


async def test_what_a_courier_says_to_a_stranger_opens_no_door_here(town: Town) -> None:
    """Names of jobs are their shippers' own: a stranger lists one of the same name, wins the same
    courier for it, and passes on here what is signed for there.
    """
    order_id = await town.accepted()
    rail_id = (await town.found(order_id)).rail_id
    job = await town.relay(order_id, *TWO)
    await town.accept(job, ADA, BEN)
    await town.visit()
    mallory = SigningKey.of_seed(b"m" * 32).public
    calls = Calls(URL)
    await calls.http.aclose()
    calls.http = httpx.AsyncClient(transport=town.street.transport, base_url=URL)
    dealer = Dealer(calls, BEN, await calls.read("/api/market", AboutMarket), town.clock)
    book = JobBook(dealer)
    await book.reload()
    (haul,) = book.hauls()
    door = f"Soup https://mallory.example/api/handoffs/{rail_id}"
    lure = replace(
        haul,
        job=msgspec.structs.replace(haul.job, shipper=mallory),
        terms=msgspec.structs.replace(haul.terms, description=door),
    )
    listener = Listener()
    await Doors(dealer, listener).look_up(lure)
    await calls.close()
    ((raw, signature),) = listener.heard
    with pytest.raises(NotTheLastCourier):
        async with town.books.reading() as look:
            await show_door(look, rail_id, raw, signature)
    stranger = await wish(town, BEN, rail_id, shipper=mallory)
    assert await refused(town, rail_id, stranger) == "NotTheLastCourier"
