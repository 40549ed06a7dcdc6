"""R6 among a crowd: guests pay by card while everything between them, us and Stripe loses and
doubles. In the end whoever was promised food has paid for it once, and nobody else has paid.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY
from kitchenasty import payments, settings
from kitchenasty.kit.books import open_books
from kitchenasty.payments.tests.builders import SECRET, running_twin
from tests.reliability.bad_line import BadLine, Odds, bad_line
from tests.reliability.conftest import prepare_shop
from tests.reliability.courier import Courier, books_of
from tests.reliability.crowd import GOOD_CARD, Crowd
from tests.reliability.money import WRONG, accounts_of, count_up, let_time_pass, wait_until_settled
from tests.reliability.shop import Shop

SEED = 8
ONE_PAID = (
    "SELECT CAST(order_id AS TEXT) FROM payments WHERE method = 'STRIPE' AND state = 'CAPTURED' "
    "AND NOT is_surplus LIMIT 1"
)


@dataclass
class Market:
    """A house, its provider, and the three bad lines between them and the guests."""

    shop: Shop
    twin_url: str
    from_guests: BadLine
    to_provider: BadLine
    crowd: Crowd
    courier: Courier

    async def open_for(self, guests: int) -> None:
        done = asyncio.Event()
        telling = asyncio.create_task(self.courier.work(done))
        await self.crowd.come(guests)
        done.set()
        await telling
        await let_time_pass(self.shop)
        await wait_until_settled(self.shop, self.to_provider)
        await self.shop.wait_until_delivered()

    async def count(self) -> dict[str, int]:
        books = await books_of(self.twin_url)
        return count_up(await accounts_of(self.shop, books))


@asynccontextmanager
async def open_market(folder: Path) -> AsyncIterator[Market]:
    with running_twin("stripe_twin") as twin_url:
        async with bad_line(address_of(twin_url), seed=SEED) as to_provider:
            shop = await asyncio.to_thread(
                prepare_shop,
                folder,
                f"sqlite:///{folder}/kitchenasty.db",
                STRIPE_SECRET_KEY="sk_test_right0000000",
                STRIPE_WEBHOOK_SECRET=SECRET,
                STRIPE_API_BASE=to_provider.url,
            )
            await take_cards(shop)
            await asyncio.to_thread(shop.server.start)
            try:
                async with bad_line(("127.0.0.1", shop.server.port), seed=SEED) as from_guests:
                    courier = Courier(twin_url, from_guests.url, SECRET, random.Random(SEED))
                    crowd = Crowd(shop, from_guests, twin_url, SEED)
                    yield Market(shop, twin_url, from_guests, to_provider, crowd, courier)
            finally:
                await asyncio.to_thread(shop.server.kill)


async def take_cards(shop: Shop) -> None:
    """The owner switches on that guests may pay by card."""
    database = open_database(shop.database_url)
    await database.start()
    async with open_books(database, system_clock, SECRET_KEY).writing() as uow:
        await settings.change(uow, payments.PAYMENT, {"stripeEnabled": True})
    await database.stop()


def address_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.port
    return str(parts.hostname), parts.port


async def pay_in_the_storm(market: Market, *, guests: int) -> None:
    await market.open_for(guests)
    found = await market.count()
    tickets = await market.shop.count("live_log WHERE name = 'order.placed'")
    counted = ", ".join(f"{count} {what}" for what, count in found.items())
    print(
        f"R6: {guests} guests, seed {SEED}: {market.crowd}; to us {market.from_guests}; to Stripe "
        f"{market.to_provider}; {market.courier}; {tickets} tickets, {counted}"
    )
    cancelled_in_the_kitchen = await market.shop.count(
        "orders WHERE status = 'CANCELLED' AND awaits_payment_until IS NULL"
    )
    assert tickets == found["orders accepted"] + cancelled_in_the_kitchen
    assert found["cents due"] == found["cents kept"] > 0
    assert not any(found[what] for what in WRONG)


async def charge_in_doubt(market: Market, *, keyless: bool) -> None:
    """Charge one of the paid orders again, over a line that says everything twice."""
    order_id = next(iter(await market.shop.query(ONE_PAID)))[0]
    card = {"type": "card", "card[number]": GOOD_CARD, "card[exp_month]": "12"}
    card |= {"card[exp_year]": "2030", "card[cvc]": "123"}
    headers = {"authorization": "Bearer sk_test_right0000000"}
    line = bad_line(address_of(market.twin_url), seed=SEED, odds=Odds(doubled=1.0), keyless=keyless)
    async with line as doubling, httpx.AsyncClient(headers=headers) as client:
        kept = await client.post(f"{market.twin_url}/v1/payment_methods", data=card)
        asked = {"amount": "100", "currency": "eur", "confirm": "true"}
        asked |= {"payment_method": kept.json()["id"], "metadata[order_id]": order_id}
        answer = await client.post(
            f"{doubling.url}/v1/payment_intents",
            data=asked,
            headers={"idempotency-key": f"control-{keyless}"},
        )
        assert answer.is_success, answer.text


async def test_60_guests_who_pay_by_card_over_bad_lines_pay_once(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        await pay_in_the_storm(market, guests=60)
        # The control: a charge too many is seen, and keys are what keeps one from being two.
        captured = (await market.count())["captured"]
        await charge_in_doubt(market, keyless=False)
        found = await market.count()
        assert (found["captured"], found["paid more than once"]) == (captured + 1, 1)
        await charge_in_doubt(market, keyless=True)
        assert (await market.count())["captured"] == captured + 3


@pytest.mark.long
async def test_1000_guests_who_pay_by_card_over_bad_lines_pay_once(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        await pay_in_the_storm(market, guests=1_000)
