"""Hands one message to the push service of one browser (RFC 8030). No transaction is open while the
service thinks. If the process dies before the answer is noted, the message goes out once more under
the same topic and tag, by which the service and the phone put it in the place of the first.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import structlog

from basis.kit.limits import Network
from basis.kit.outgoing import AddressRefused, ElsewhereAway, Outgoing
from basis.kit.retry_after import read_retry_after
from basis.kit.web_address import WebAddress, read_web_address
from kitchenasty import settings
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.config import read_networks
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.push import queries
from kitchenasty.push.keys import load_keys
from kitchenasty.push.queries import Follower, follower_of
from kitchenasty.push.service import WEB_JOB, forget_phone
from kitchenasty.push.states import Verdict, judge, try_again_at
from kitchenasty.push.words import PushWords, PushWriter

logger = structlog.get_logger(__name__)

TOPIC_LENGTH = 32
URGENCY = "high"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go."""

    endpoint: str
    body: bytes
    headers: Mapping[str, str]
    networks: tuple[Network, ...]


async def send_to_browser(
    books: Books, payload: dict[str, Any], *, writers: Mapping[str, PushWriter]
) -> None:
    """Send it, put it off, or drop what is of no use any more."""
    async with books.writing() as uow:
        parcel = await prepare(uow, payload, writers)
    if parcel is None:
        return
    wait, verdict = None, Verdict.LATER
    try:
        answer = await outgoing_to(parcel.networks).post(
            parcel.endpoint, parcel.body, headers=parcel.headers
        )
        verdict = judge(answer.status)
        wait = read_retry_after(answer.headers.get("retry-after"), books.clock())
        if verdict is Verdict.REFUSED:
            logger.warning("push.refused", status=answer.status, kind=payload["kind"])
    except AddressRefused:
        # No push service lives in the house's own network.
        verdict = Verdict.GONE
    except ElsewhereAway:
        logger.info("push.away", kind=payload["kind"])
    async with books.writing() as uow:
        if verdict is Verdict.GONE:
            await forget_phone(uow, parcel.endpoint)
        elif verdict is Verdict.LATER:
            put_off(uow, WEB_JOB, payload, wait)


async def prepare(
    uow: UnitOfWork, payload: dict[str, Any], writers: Mapping[str, PushWriter]
) -> Parcel | None:
    until = datetime.fromisoformat(payload["until"])
    rows = await uow.rows(queries.BY_IDS, follower_ids=payload["followers"], now=uow.now)
    if not rows or uow.now >= until:
        return None
    follower = follower_of(rows[0])
    words = await write(uow, follower.locale, payload, writers)
    return None if words is None else await pack(uow, follower, words, until)


async def write(
    uow: UnitOfWork, locale: str, payload: dict[str, Any], writers: Mapping[str, PushWriter]
) -> PushWords | None:
    language = current_locale.set(locale)
    try:
        return await writers[payload["kind"]](uow, payload["facts"])
    finally:
        current_locale.reset(language)


async def pack(
    uow: UnitOfWork, follower: Follower, words: PushWords, until: datetime
) -> Parcel | None:
    """None for a browser whose keys are none: it is forgotten."""
    from kitchenasty.push.encryption import encrypt, prove  # noqa: PLC0415  # see keys.py

    keys, address = await load_keys(uow), read_web_address(follower.endpoint)
    try:
        body = encrypt(
            msgspec.json.encode(words.to_message()),
            public_key=follower.public_key or "",
            auth_secret=follower.auth_secret or "",
        )
    except ValueError:
        await forget_phone(uow, follower.endpoint)
        return None
    contact = await find_contact(uow)
    headers = {
        "authorization": prove(keys, audience=origin_of(address), contact=contact, now=uow.now),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(max(0, int((until - uow.now).total_seconds()))),
        "urgency": URGENCY,
    }
    if words.tag:
        headers["topic"] = hashlib.sha256(words.tag.encode()).hexdigest()[:TOPIC_LENGTH]
    networks = read_networks(uow.given, "OUTGOING_NETWORKS")
    return Parcel(follower.endpoint, body, headers, networks)


def put_off(
    uow: UnitOfWork, job: str, payload: dict[str, Any], retry_after: timedelta | None
) -> None:
    """Until later, or for good when it would be of no use by then."""
    tries = payload["tries"] + 1
    again_at = try_again_at(
        uow.now,
        tries=tries,
        until=datetime.fromisoformat(payload["until"]),
        chance=secrets.randbelow(1_000) / 1_000,
        retry_after=retry_after,
    )
    if again_at is None:
        logger.warning("push.given_up", kind=payload["kind"], tries=tries)
        return
    key = f"{payload['key']}:{tries}"
    uow.enqueue(job, {**payload, "tries": tries}, run_at=again_at, key=key)


async def find_contact(look: Look) -> str | None:
    """Whom a push service can ask about our messages."""
    email = (await settings.load(look, settings.GENERAL))["contactEmail"]
    if email:
        return f"mailto:{email}"
    public_url = look.given.get("PUBLIC_URL", "").rstrip("/")
    return public_url if public_url.startswith("https://") else None


def origin_of(address: WebAddress) -> str:
    return f"{address.scheme}://{address.authority}"


@cache
def outgoing_to(networks: tuple[Network, ...]) -> Outgoing:
    """One for the process: it keeps threads that ask name servers."""
    return Outgoing(networks)
