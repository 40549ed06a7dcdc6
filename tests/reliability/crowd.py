"""Guests who order and pay by card over bad lines, who lose patience, change their minds and try
again, and what must be true of everybody's money once they are gone.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from tests.reliability.bad_line import BadLine
from tests.reliability.shop import AGAIN_SECONDS, TRIES_MAX, Shop, pause

GOOD_CARD, BAD_CARD = "4242424242424242", "4000000000000002"
AT_ONCE = 16
IN_CASH, WALKS_AWAY, DECLINED, TWO_TABS, CANCELS, COMES_BACK = 0.2, 0.1, 0.2, 0.15, 0.1, 0.7


@dataclass
class Crowd:
    """`line` leads to our server, `pay_url` to the provider's pages. `tally` counts what guests
    chose to do.
    """

    shop: Shop
    line: BadLine
    pay_url: str
    seed: int
    retries: int = 0
    tally: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in sorted(self.tally.items()))

    async def come(self, guests: int) -> None:
        waiting = iter(range(guests))

        async def one_after_the_other(client: httpx.AsyncClient) -> None:
            for number in waiting:
                await self._visit(client, f"guest-{number}")

        async with httpx.AsyncClient(timeout=60) as client:
            await asyncio.gather(*(one_after_the_other(client) for _ in range(AT_ONCE)))

    async def _visit(self, client: httpx.AsyncClient, name: str) -> None:
        chance = random.Random(f"{self.seed} {name}")
        method = "CASH" if chance.random() < IN_CASH else "STRIPE"
        placed = await self._ask(
            client,
            "/api/orders",
            self.shop.form(name) | {"paymentMethod": method},
            {"idempotency-key": f"key-of-{name}"},
        )
        self.shop.acknowledged[name] = placed["id"]
        if method == "CASH":
            self.tally["in cash"] += 1
        elif chance.random() < WALKS_AWAY:
            self.tally["walked away"] += 1
        else:
            await self._pay(client, placed, chance)

    async def _pay(
        self, client: httpx.AsyncClient, placed: dict[str, Any], chance: random.Random
    ) -> None:
        proof = {"x-order-capability": placed["capability"]}
        tabs = 2 if chance.random() < TWO_TABS else 1
        self.tally["in two tabs"] += tabs - 1
        asked = {"orderId": placed["id"]}
        pages = await asyncio.gather(
            *(
                self._ask(client, "/api/payments/create-checkout-session", asked, proof)
                for _ in range(tabs)
            )
        )
        urls = [self._page(page["url"]) for page in pages]
        if chance.random() < DECLINED:
            self.tally["declined once"] += 1
            await client.post(urls[0], data={"card": BAD_CARD})
        paying = [client.post(url, data={"card": GOOD_CARD}) for url in urls]
        if chance.random() < CANCELS:
            self.tally["cancelled while paying"] += 1
            await asyncio.gather(self._cancel(client, placed, proof), *paying)
            return
        answers = await asyncio.gather(*paying)
        if chance.random() < COMES_BACK:
            self.tally["came back"] += 1
            await self._come_back(client, answers)

    async def _ask(
        self, client: httpx.AsyncClient, path: str, body: dict[str, Any], headers: dict[str, str]
    ) -> dict[str, Any]:
        """Ask until answered; a refusal for good is a failure."""
        for _ in range(TRIES_MAX):
            try:
                answer = await client.post(f"{self.line.url}{path}", json=body, headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                told: dict[str, Any] = answer.json()["data"]
                return told
            assert answer is None or answer.status_code == 503, answer.text
            self.retries += 1
            await pause(AGAIN_SECONDS)
        raise AssertionError(f"{path} was never answered")

    async def _cancel(
        self, client: httpx.AsyncClient, placed: dict[str, Any], proof: dict[str, str]
    ) -> None:
        """Until it is cancelled or cannot be any more."""
        for _ in range(TRIES_MAX):
            try:
                answer = await client.post(
                    f"{self.line.url}/api/orders/{placed['id']}/cancel", json={}, headers=proof
                )
            except httpx.TransportError:
                self.retries += 1
                continue
            if answer.status_code != 503:
                return
        raise AssertionError("the cancellation was never answered")

    async def _come_back(self, client: httpx.AsyncClient, answers: list[httpx.Response]) -> None:
        """The browser goes where the provider sends it; nobody tries twice."""
        for answer in answers:
            if answer.has_redirect_location:
                path = urlsplit(answer.headers["location"])
                try:
                    await client.get(f"{self.line.url}{path.path}?{path.query}")
                except httpx.TransportError:
                    self.retries += 1

    def _page(self, url: str) -> str:
        """The provider's page, which guests reach over a line of their own."""
        there = urlsplit(self.pay_url)
        return urlunsplit(urlsplit(url)._replace(scheme=there.scheme, netloc=there.netloc))
