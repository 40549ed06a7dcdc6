"""One delivery: claimed, called, noted; each in a transaction of its own, and none is open while
the receiver thinks. If the process dies in between, the claim runs out and the same body is posted
once more, under the same id.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from basis.ids import new_id
from basis.kit.outgoing import Answer, ElsewhereAway, Outgoing
from basis.kit.retry_after import read_retry_after
from basis.kit.secret import Secret
from basis.kit.texts import one_line
from kitchenasty import settings
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import Principal
from kitchenasty.webhooks import queries
from kitchenasty.webhooks.deliveries import row_of
from kitchenasty.webhooks.letters import tell_owners
from kitchenasty.webhooks.sent import Try
from kitchenasty.webhooks.service import check_owner, load_endpoint, seal_name, write_down
from kitchenasty.webhooks.signing import headers_of
from kitchenasty.webhooks.states import (
    OUTAGE,
    PATIENCE,
    STATUS_GONE,
    DeliveryState,
    OffReason,
    is_taken,
    next_try,
)
from kitchenasty.webhooks.topics import PING, VERSION, PingFacts, write_body

LEASE = timedelta(seconds=60)
"""A call ends after ten seconds; by then it must be noted, or it is made once more."""
ANSWER_LENGTH_MAX = 500
SECRET_LOST = "SECRET"  # noqa: S105  # a word for the log
"""The server's own secret is another one now, and nothing can be signed with the endpoint's."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to make for as long as the lease runs."""

    id: str
    endpoint_id: str
    event_id: str
    topic: str
    body: str
    tries: int
    until: datetime
    url: str
    secret: str
    old_secret: str | None
    old_until: datetime | None
    failing_since: datetime | None

    def keys(self, secret: Secret, now: datetime) -> list[str]:
        """The secrets that count now, the newest first."""
        name = seal_name(self.endpoint_id)
        found = [settings.unseal(secret, name, self.secret)]
        if self.old_secret and self.old_until and now < self.old_until:
            found.append(settings.unseal(secret, name, self.old_secret))
        return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call went."""

    tried: Try
    retry_after: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return is_taken(self.tried.status)


async def deliver_next(books: Books, outgoing: Outgoing, endpoint_id: str) -> bool | None:
    """Make the delivery that has waited longest; whether it was taken. None if none is due."""
    async with books.reading() as look:
        delivery_id = await look.value(queries.NEXT, endpoint_id=endpoint_id, now=look.now)
    if delivery_id is None:
        return None
    async with books.writing() as uow:
        claimed = await claim(uow, delivery_id)
    if claimed is None:
        return None
    return (await carry(books, outgoing, claimed)).is_taken


async def claim(uow: UnitOfWork, delivery_id: str) -> Claimed | None:
    """None if another process has it, or it is not due any more."""
    until = uow.now + LEASE
    if not await uow.run(queries.CLAIM, delivery_id=delivery_id, now=uow.now, lease_until=until):
        return None
    row = await uow.row(queries.CLAIMED, delivery_id=delivery_id)
    return None if row is None else Claimed(*row)


async def carry(books: Books, outgoing: Outgoing, claimed: Claimed) -> Outcome:
    outcome = await call(books, outgoing, claimed)
    async with books.writing() as uow:
        await note(uow, claimed, outcome)
    return outcome


async def call(books: Books, outgoing: Outgoing, claimed: Claimed) -> Outcome:
    """Post it, signed at this moment."""
    now, began = books.clock(), time.monotonic()
    body = claimed.body.encode()
    try:
        headers = headers_of(claimed.event_id, now, body, claimed.keys(books.secret, now))
        answer = await outgoing.post(claimed.url, body, headers=headers)
    except settings.CannotUnseal:
        return Outcome(Try(now, None, SECRET_LOST, milliseconds_since(began), None))
    except ElsewhereAway as away:
        return Outcome(Try(now, None, away.trouble.value, milliseconds_since(began), None))
    first = first_of(answer)
    wait = read_retry_after(answer.headers.get("retry-after"), now)
    return Outcome(Try(now, answer.status, None, milliseconds_since(began), first), wait)


def milliseconds_since(began: float) -> int:
    return round((time.monotonic() - began) * 1_000)


def first_of(answer: Answer) -> str:
    """The beginning of what the receiver said, on one line of what can be seen."""
    text = answer.body[: ANSWER_LENGTH_MAX * 4].decode(errors="replace")
    return one_line(text)[:ANSWER_LENGTH_MAX]


async def note(uow: UnitOfWork, claimed: Claimed, outcome: Outcome) -> None:
    """Write down how it went, and what follows for the delivery and for its receiver."""
    tried = outcome.tried
    await uow.run(
        queries.NOTE_TRY,
        id=new_id(),
        delivery_id=claimed.id,
        tried_at=tried.tried_at,
        status=tried.status,
        trouble=tried.trouble,
        duration_ms=tried.duration_ms,
        answer=tried.answer,
    )
    again_at = None
    if not outcome.is_taken and tried.status != STATUS_GONE:
        again_at = next_try(
            uow.now,
            tries=claimed.tries,
            until=claimed.until,
            chance=random.random(),  # noqa: S311  # spreads load; nobody guards a secret with it
            retry_after=outcome.retry_after,
        )
    await uow.run(
        queries.MARK,
        delivery_id=claimed.id,
        after=state_after(outcome, again_at),
        again_at=again_at or uow.now,
        settled=None if again_at else uow.now,
    )
    if claimed.topic != PING:
        await judge(uow, claimed, outcome)


def state_after(outcome: Outcome, again_at: datetime | None) -> DeliveryState:
    if outcome.is_taken:
        return DeliveryState.DELIVERED
    return DeliveryState.WAITING if again_at else DeliveryState.DEAD


async def judge(uow: UnitOfWork, claimed: Claimed, outcome: Outcome) -> None:
    """What a try says about the receiver: that it is back, gone, or away for too long."""
    of_endpoint = {"endpoint_id": claimed.endpoint_id}
    since = claimed.failing_since
    if outcome.is_taken:
        if since is not None:
            await uow.run(queries.END_FAILING, **of_endpoint)
            if uow.now - since >= OUTAGE:
                await uow.run(queries.WAKE, now=uow.now, **of_endpoint)
    elif outcome.tried.status == STATUS_GONE:
        await switch_off(uow, claimed, OffReason.GONE)
    elif since is not None and uow.now - since >= PATIENCE:
        await switch_off(uow, claimed, OffReason.FAILING)
    elif since is None:
        await uow.run(queries.BEGIN_FAILING, now=uow.now, **of_endpoint)


async def switch_off(uow: UnitOfWork, claimed: Claimed, why: OffReason) -> None:
    if not await uow.run(queries.SWITCH_OFF, endpoint_id=claimed.endpoint_id, why=why, now=uow.now):
        return
    await write_down(uow, "switch-off", claimed.endpoint_id, after={"why": why.value})
    await tell_owners(uow, claimed.endpoint_id)


async def ping(books: Books, outgoing: Outgoing, actor: Principal, endpoint_id: str) -> Try:
    """Send a body that tells of nothing, once, and say how it went; also to one that is off.

    Raises WebhooksForAllHouses, EndpointNotFound.
    """
    check_owner(actor)
    async with books.writing(actor) as uow:
        await load_endpoint(uow, endpoint_id)
        body = write_body(PING, VERSION, uow.now, PingFacts())
        row = row_of(uow, endpoint_id, new_id(), PING, body) | {"until": uow.now}
        await uow.run(queries.QUEUE, **row)
        await write_down(uow, "try", endpoint_id)
        claimed = await claim(uow, row["id"])
    assert claimed is not None, "nobody else knows of it yet"
    return (await carry(books, outgoing, claimed)).tried
