"""Where the last courier rings. The market reads a square of the town; the house at which the load
was fetched tells the door, to whoever shows with a signature that it brings it.

It is a home: it is shown to whoever rides, while the last stretch is ridden, and kept nowhere; no
log or answer has it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
import structlog

from basis.kit.outgoing import ElsewhereAway, Outgoing
from basis.kit.secret import Secret
from basis.kit.signing import sign_statement
from swarmhaul.agents.hauls import Haul
from swarmhaul.client import Dealer

logger = structlog.get_logger(__name__)

PURPOSE = "handoff.address"
LIVES_SECONDS = 120
TRIES = 5
"""A house may hear a little later than its couriers that they accepted."""
REST_SECONDS = 2.0
TOLD = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?/api/handoffs/(?P<job>[0-9a-f]{32})\Z")


class Told(msgspec.Struct, frozen=True):
    """What a house answers; what is in it is for whoever stands in the street."""

    data: msgspec.Raw


Show = Callable[[str, Secret], None]
"""Puts the door of a job before the eyes of whoever rides, and keeps nothing of it."""


def show_nobody(_job: str, _door: Secret) -> None:
    """Where no person rides along, as with the samples: that it was told is all there is to it."""


@dataclass(slots=True)
class Doors:
    """Each house is asked a few times, beside the riding. Who is told nothing brings it to the
    square, as far as the market has ever asked.
    """

    dealer: Dealer
    outgoing: Outgoing
    show: Show = show_nobody
    wanted: dict[str, Haul] = field(default_factory=dict)
    """By job: what is on its way to somebody's door."""
    _tries: dict[str, int] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def want(self, hauls: Iterable[Haul]) -> None:
        """These are being brought. What was brought, or is another's by now, is nobody's business
        any more.
        """
        before = self.wanted.keys()
        self.wanted = {haul.job.id: haul for haul in hauls}
        if self.wanted.keys() - before:
            self._woken.set()
        self._told &= self.wanted.keys()
        for job in self._tries.keys() - self.wanted.keys():
            del self._tries[job]

    async def keep_asking(self) -> None:
        """For ever, beside the riding: a slow house keeps no courier who has other loads."""
        while True:
            self._woken.clear()
            await self.ask_all()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), REST_SECONDS)

    async def ask_all(self) -> None:
        await asyncio.gather(*(self.look_up(haul) for haul in self.wanted.values()))

    async def look_up(self, haul: Haul) -> bool:
        """Whether nothing more is to be asked about this load."""
        job, address = haul.job.id, address_in(haul)
        if address is None or job in self._told or self._tries.get(job, 0) >= TRIES:
            return True
        self._tries[job] = self._tries.get(job, 0) + 1
        door = await self.ask(haul, address)
        if door is None:
            return False
        self._told.add(job)
        self.show(job, door)
        return True

    async def ask(self, haul: Haul, address: str) -> Secret | None:
        signed = sign_statement(
            self.dealer.key,
            {"job": haul.terms.id, "shipper": haul.job.shipper},
            market=self.dealer.about.market,
            purpose=PURPOSE,
            now=self.dealer.clock(),
            lives_seconds=LIVES_SECONDS,
        )
        headers = {"content-type": "application/json", "x-signature": signed.signature}
        try:
            answer = await self.outgoing.post(address, signed.text.encode(), headers=headers)
        except ElsewhereAway as away:
            logger.info("agent.house_away", job=haul.job.id, why=away.trouble.value)
            return None
        if answer.status != 200:
            logger.info("agent.not_told_the_door", job=haul.job.id, status=answer.status)
            return None
        try:
            door = Secret(bytes(msgspec.json.decode(answer.body, type=Told).data).decode())
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        logger.info("agent.knows_the_door", job=haul.job.id)
        return door


def address_in(haul: Haul) -> str | None:
    """Where to ask, from the words of the job. They are a stranger's: only what looks like a door
    for this very job is ever called.
    """
    last = haul.terms.description.rpartition(" ")[2]
    found = TOLD.match(last)
    if found is None or found["job"] != haul.terms.id:
        return None
    return f"{last}/address"
