"""Calls to a market. Nothing here opens a transaction, and none is open while a market thinks."""

from __future__ import annotations

import base64
import binascii
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from basis.errors import Conflict
from basis.escrow import Envelope, check_message, encode_envelope
from basis.kit.outgoing import Answer, ElsewhereAway, Outgoing
from basis.kit.signing import SigningKey, write_signature
from kitchenasty.handoff import wire

T = TypeVar("T")
JSON = {"content-type": "application/json"}
PAGES_MAX = 10
BUSY = 429
TRY_AGAIN = 500
"""From this status on the trouble is the market's own, and may be over soon."""


class MarketRefuses(Conflict):
    """The market answered, and said no; `reason` is its code."""

    def __init__(self, answer: wire.RefusalAnswer) -> None:
        super().__init__(answer.error)
        self.reason = answer.code[:80]
        self.oldest = answer.details.oldest


class MarketOdd(ElsewhereAway):
    """Whoever answers there is no market, or another one than before."""

    def __init__(self) -> None:
        super().__init__("What answers at this address is not the market that we know.")


class MarketLine:
    """A market at its address, spoken to with one key."""

    def __init__(self, outgoing: Outgoing, url: str, key: SigningKey) -> None:
        self._outgoing = outgoing
        self._url = url.rstrip("/")
        self.key = key

    async def read_market(self) -> wire.MarketAnswer:
        return await self._get("/api/market", wire.MarketAnswer)

    async def read_balance(self) -> int:
        wallet = await self._get(f"/api/rail/wallets/{self.key.public}", wire.WalletAnswer)
        return wallet.balance

    async def load_job(self, job_id: str) -> wire.JobAnswer:
        return await self._get(f"/api/jobs/{job_id}", wire.JobAnswer)

    async def find_own(self, rail_id: str) -> wire.JobAnswer | None:
        """The job that we listed under this name, if it is among the last thousand."""
        before: dict[str, str] = {}
        for _ in range(PAGES_MAX):
            query = urlencode({"limit": "50"} | before)
            page = await self._get(f"/api/jobs?{query}", wire.JobsAnswer)
            for job in page.jobs:
                if job.shipper == self.key.public and job.terms.id == rail_id:
                    return job
            if page.before is None:
                return None
            before = {"before": page.before}
        return None

    async def list_events(self, since: int, *, limit: int | None = None) -> wire.EventsAnswer:
        """As many as the market gives at once, or fewer. Raises MarketRefuses when they are not
        kept any more.
        """
        query = urlencode({"since": since} | ({"limit": limit} if limit else {}))
        return await self._get(f"/api/events?{query}", wire.EventsAnswer)

    async def list_job(self, statement: str, signature: str) -> wire.JobAnswer:
        headers = {**JSON, "x-signature": signature}
        return await self._post("/api/jobs", statement.encode(), headers, wire.JobAnswer)

    async def give(self, envelope: Envelope) -> None:
        """Have the rail carry out a command of ours."""
        body = msgspec.json.encode(await self.sign(envelope))
        await self._post("/api/rail/commands", body, JSON, dict)

    async def sign(self, envelope: Envelope) -> wire.CommandGiven:
        """The command under our signature. What the rail wants signed is read first: it has to be
        this command, and nothing else. Raises MessageUnfit.
        """
        told = base64.b64encode(encode_envelope(envelope)).decode()
        query = urlencode({"envelope": told})
        answer = await self._get(f"/api/rail/message?{query}", wire.MessageAnswer)
        try:
            message = base64.b64decode(answer.message, validate=True)
        except (binascii.Error, ValueError) as error:
            raise MarketOdd from error
        check_message(message, envelope)
        signature = write_signature(self.key.sign_raw(message))
        return wire.CommandGiven(envelope=told, signature=signature)

    async def _get(self, path: str, kind: type[T]) -> T:
        return read(await self._outgoing.get(self._url + path), kind)

    async def _post(self, path: str, body: bytes, headers: dict[str, str], kind: type[T]) -> T:
        return read(await self._outgoing.post(self._url + path, body, headers=headers), kind)


def read(answer: Answer, kind: type[T]) -> T:
    """Raises MarketRefuses, MarketOdd, ElsewhereAway."""
    try:
        if answer.status == BUSY or answer.status >= TRY_AGAIN:
            raise ElsewhereAway
        if answer.status >= 400:
            raise MarketRefuses(msgspec.json.decode(answer.body, type=wire.RefusalAnswer))
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.MsgspecError as error:
        raise MarketOdd from error
