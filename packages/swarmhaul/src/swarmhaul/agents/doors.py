"""Where the last courier rings. The market reads a square of the town; the house at which the load
was fetched tells the door, to whoever shows with a signature that it brings it.

It is a home: it is kept while it is ridden to and then forgotten, and no log or answer has it.
"""

from __future__ import annotations

import re
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
TOLD = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?/api/handoffs/(?P<job>[0-9a-f]{32})\Z")


class Told(msgspec.Struct, frozen=True):
    """What a house answers; what is in it is for whoever stands in the street."""

    data: msgspec.Raw


@dataclass(slots=True)
class Doors:
    """Asked for one load at a time, a few times. Who is told nothing brings it to the square, as
    far as the market has ever asked.
    """

    dealer: Dealer
    outgoing: Outgoing
    known: dict[str, Secret] = field(default_factory=dict)
    """By job: the door, as it was written."""
    _tries: dict[str, int] = field(default_factory=dict)

    async def look_up(self, haul: Haul) -> bool:
        """Whether nothing more is to be asked about this load."""
        job, address = haul.job.id, address_in(haul)
        if address is None or job in self.known or self._tries.get(job, 0) >= TRIES:
            return True
        self._tries[job] = self._tries.get(job, 0) + 1
        door = await self.ask(haul, address)
        if door is not None:
            self.known[job] = door
        return door is not None

    async def ask(self, haul: Haul, address: str) -> Secret | None:
        signed = sign_statement(
            self.dealer.key,
            {"job": haul.terms.id},
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

    def forget_but(self, jobs: set[str]) -> None:
        """What is brought, or is another's by now, is nobody's business any more."""
        for kept in (self.known, self._tries):
            for job in kept.keys() - jobs:
                del kept[job]


def address_in(haul: Haul) -> str | None:
    """Where to ask, from the words of the job. They are a stranger's: only what looks like a door
    for this very job is ever called.
    """
    last = haul.terms.description.rpartition(" ")[2]
    found = TOLD.match(last)
    if found is None or found["job"] != haul.terms.id:
        return None
    return f"{last}/address"
