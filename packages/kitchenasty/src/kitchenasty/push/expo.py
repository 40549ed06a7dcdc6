"""Messages to the app for phones, by the service of its framework: handed over by the hundred. A
quarter of an hour later it is asked what became of them. A phone without the app is forgotten.

https://docs.expo.dev/push-notifications/sending-notifications/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from basis.kit.limits import Network
from basis.kit.outgoing import Answer, ElsewhereAway
from basis.kit.retry_after import read_retry_after
from basis.kit.secret import Secret
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.config import read_networks
from kitchenasty.push import queries
from kitchenasty.push.queries import Follower, follower_of
from kitchenasty.push.service import EXPO_JOB, forget_phone
from kitchenasty.push.states import Verdict, judge
from kitchenasty.push.web_sending import outgoing_to, put_off, write
from kitchenasty.push.words import PushWriter

logger = structlog.get_logger(__name__)

EXPO_API = "https://exp.host"
SEND, RECEIPTS = "/--/api/v2/push/send", "/--/api/v2/push/getReceipts"
RECEIPTS_JOB = "push.expo_receipts"
RECEIPTS_AFTER = timedelta(minutes=15)
RECEIPTS_UNTIL = timedelta(hours=24)
"""The service forgets them after a day."""
NOT_REGISTERED = "DeviceNotRegistered"
TRY_AGAIN = frozenset({"MessageRateExceeded"})
BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Expo:
    """Where the service is, and what lets us in, where its owner asks for it."""

    base: str
    token: Secret | None
    networks: tuple[Network, ...]

    async def post(self, path: str, told: object) -> Answer:
        """Raises ElsewhereAway."""
        headers = {"content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token!s}"
        body = msgspec.json.encode(told)
        return await outgoing_to(self.networks).post(self.base + path, body, headers=headers)


@dataclass(frozen=True, slots=True)
class Message:
    """One message, and the phone that it is for."""

    follower: Follower
    body: Mapping[str, Any]


def expo_of(look: Look) -> Expo:
    token = look.given.get("EXPO_ACCESS_TOKEN")
    return Expo(
        look.given.get("EXPO_API_BASE", EXPO_API).rstrip("/"),
        Secret(token) if token else None,
        read_networks(look.given, "OUTGOING_NETWORKS"),
    )


async def send_to_apps(
    books: Books, payload: dict[str, Any], *, writers: Mapping[str, PushWriter]
) -> None:
    """Send to up to a hundred phones, put off what was not taken, drop what is of no use."""
    async with books.writing() as uow:
        expo, messages = expo_of(uow), await prepare(uow, payload, writers)
    if not messages:
        return
    verdict, wait, answer = Verdict.LATER, None, None
    try:
        answer = await expo.post(SEND, [one.body for one in messages])
        verdict = judge(answer.status)
        wait = read_retry_after(answer.headers.get("retry-after"), books.clock())
    except ElsewhereAway:
        logger.info("push.away", kind=payload["kind"])
    async with books.writing() as uow:
        if answer is not None and verdict is Verdict.TAKEN:
            await note_tickets(uow, payload, messages, tickets_in(answer.body))
        elif verdict is Verdict.LATER:
            put_off(uow, EXPO_JOB, payload, wait)
        elif answer is not None and answer.status == BAD_REQUEST and len(messages) > 1:
            part(uow, payload, messages)
        else:
            logger.warning("push.refused", verdict=verdict, kind=payload["kind"])


async def prepare(
    uow: UnitOfWork, payload: dict[str, Any], writers: Mapping[str, PushWriter]
) -> list[Message]:
    if uow.now >= datetime.fromisoformat(payload["until"]):
        return []
    rows = await uow.rows(queries.BY_IDS, follower_ids=payload["followers"], now=uow.now)
    messages = []
    for follower in map(follower_of, rows):
        words = await write(uow, follower.locale, payload, writers)
        if words is not None:
            told = words.to_message()
            body = {
                "to": follower.endpoint,
                "title": told["title"],
                "body": told["body"],
                "data": dict(words.facts),
                "sound": "default",
                "priority": "high",
                "ttl": seconds_left(uow, payload),
            }
            messages.append(Message(follower, body))
    return messages


def seconds_left(look: Look, payload: dict[str, Any]) -> int:
    return int((datetime.fromisoformat(payload["until"]) - look.now).total_seconds())


def part(uow: UnitOfWork, payload: dict[str, Any], messages: Sequence[Message]) -> None:
    """One that cannot be read spoils all that go with it, as do tokens of two apps: each by itself
    says which it was.
    """
    for one in messages:
        key = f"{payload['key']}:{one.follower.id}"
        alone = {**payload, "followers": [one.follower.id], "key": key}
        uow.enqueue(EXPO_JOB, alone, key=key)


async def note_tickets(
    uow: UnitOfWork,
    payload: dict[str, Any],
    messages: Sequence[Message],
    tickets: Sequence[dict[str, Any]],
) -> None:
    """Each message has a ticket, in the same order."""
    taken, again = {}, []
    for one, ticket in zip(messages, tickets, strict=False):
        if ticket.get("status") == "ok":
            taken[str(ticket.get("id"))] = one.follower.id
        elif trouble_of(ticket) in TRY_AGAIN:
            again.append(one.follower.id)
        else:
            await hear_trouble(uow, one.follower.endpoint, ticket)
    if again:
        put_off(uow, EXPO_JOB, {**payload, "followers": again}, None)
    if taken:
        until = (uow.now + RECEIPTS_UNTIL).isoformat()
        told = {"tickets": taken, "until": until, "tries": 0}
        uow.enqueue(RECEIPTS_JOB, told, run_at=uow.now + RECEIPTS_AFTER)


async def hear_trouble(uow: UnitOfWork, endpoint: str, told: Mapping[str, Any]) -> None:
    trouble = trouble_of(told)
    if trouble == NOT_REGISTERED:
        await forget_phone(uow, endpoint)
    else:
        logger.warning("push.refused", trouble=trouble)


async def ask_receipts(books: Books, payload: dict[str, Any]) -> None:
    """What became of what was taken. What is not known yet is asked for once more, for a day."""
    tickets: dict[str, str] = payload["tickets"]
    async with books.reading() as look:
        expo = expo_of(look)
    receipts: dict[str, Any] = {}
    try:
        answer = await expo.post(RECEIPTS, {"ids": list(tickets)})
        if judge(answer.status) is Verdict.TAKEN:
            receipts = receipts_in(answer.body)
    except ElsewhereAway:
        logger.info("push.away", kind=RECEIPTS_JOB)
    async with books.writing() as uow:
        for ticket, receipt in receipts.items():
            if ticket in tickets and receipt.get("status") == "error":
                await hear_receipt(uow, tickets[ticket], receipt)
        ask_again(uow, payload, {k: v for k, v in tickets.items() if k not in receipts})


async def hear_receipt(uow: UnitOfWork, follower_id: str, receipt: dict[str, Any]) -> None:
    rows = await uow.rows(queries.BY_IDS, follower_ids=[follower_id], now=uow.now)
    for follower in map(follower_of, rows):
        await hear_trouble(uow, follower.endpoint, receipt)


def ask_again(uow: UnitOfWork, payload: dict[str, Any], missing: dict[str, str]) -> None:
    tries = payload["tries"] + 1
    again_at = uow.now + RECEIPTS_AFTER * 2**tries
    if missing and again_at < datetime.fromisoformat(payload["until"]):
        told = {**payload, "tickets": missing, "tries": tries}
        uow.enqueue(RECEIPTS_JOB, told, run_at=again_at)


def trouble_of(told: Mapping[str, Any]) -> str:
    details = told.get("details")
    return str(details.get("error", "")) if isinstance(details, dict) else ""


def tickets_in(body: bytes) -> list[dict[str, Any]]:
    found = data_in(body)
    return (
        [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []
    )


def receipts_in(body: bytes) -> dict[str, Any]:
    found = data_in(body)
    known = found.items() if isinstance(found, dict) else ()
    return {name: one for name, one in known if isinstance(one, dict)}


def data_in(body: bytes) -> Any:
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return told.get("data") if isinstance(told, dict) else None
