"""Brings what the Stripe twin would tell to our webhook, as badly as the world does: late, twice,
out of order, over a line that loses, sometimes never; and what was said long ago once more.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from kitchenasty.payments.tests.builders import sign
from tests.reliability.shop import pause

AT_ONCE = 8
NEVER, TWICE, ONCE_MORE, LATER = 0.1, 0.2, 0.1, 0.5
ROUND_SECONDS = 0.05
TRIES_MAX = 60


@dataclass
class Courier:
    """`tally` counts what was done to the messages; `answers` the statuses of our server."""

    twin_url: str
    door_url: str
    secret: str
    chance: random.Random
    tally: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    _known: list[bytes] = field(default_factory=list)
    _bag: list[bytes] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.tally.items()))
        return f"{len(self._known)} messages: {told}"

    async def work(self, done: asyncio.Event) -> None:
        """Until `done` is set and the bag is empty."""
        async with httpx.AsyncClient(timeout=30) as client:
            while not done.is_set() or self._bag:
                await self._collect(client)
                await asyncio.gather(*(self._bring(client, one) for one in self._take()))
                await pause(ROUND_SECONDS)

    async def _collect(self, client: httpx.AsyncClient) -> None:
        after = len(self._known)
        found = (await client.get(f"{self.twin_url}/_events", params={"after": after})).json()
        for event in found:
            message = json.dumps(event).encode()
            self._known.append(message)
            if self.chance.random() < NEVER:
                self.tally["never brought"] += 1
                continue
            copies = 2 if self.chance.random() < TWICE else 1
            self.tally["brought twice"] += copies - 1
            self._bag += [message] * copies

    def _take(self) -> list[bytes]:
        """Any of the bag, in any order, and now and then something of long ago."""
        self.chance.shuffle(self._bag)
        count = min(AT_ONCE, len(self._bag))
        taken = [self._bag.pop() for _ in range(count) if self.chance.random() > LATER]
        if self._known and self.chance.random() < ONCE_MORE:
            self.tally["said again"] += 1
            taken.append(self.chance.choice(self._known))
        return taken

    async def _bring(self, client: httpx.AsyncClient, message: bytes) -> None:
        """As Stripe does, until it is taken."""
        for _ in range(TRIES_MAX):
            header = sign(message, datetime.now(UTC), self.secret)
            try:
                answer = await client.post(
                    f"{self.door_url}/api/payments/webhook",
                    content=message,
                    headers={"stripe-signature": header, "content-type": "application/json"},
                )
            except httpx.TransportError:
                continue
            self.answers[answer.status_code] += 1
            if answer.is_success:
                return
        raise AssertionError(f"our webhook never took {message[:200]!r}")


async def books_of(twin_url: str) -> dict[str, Any]:
    """All the money at the twin."""
    async with httpx.AsyncClient(timeout=30) as client:
        found: dict[str, Any] = (await client.get(f"{twin_url}/_books")).json()
    return found
