"""How long what is kept: one row for each class of data (docs/operators/privacy.md).

Most slices forget what is theirs by a job of their own; a test with a clock that is moved holds
them all to this table. What no slice forgets, the job below does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, update

from basis.kit.data.statements import Statement
from kitchenasty import consent
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.privacy.person import table_of

TRAIL_ADDRESS_DAYS = 90
TRAIL_DAYS = 3_650


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A class of data. `days` count from the instant in `since`; then the row goes, or `column`
    of it. `job` is the regular job that does it.
    """

    name: str
    table: str
    since: str
    days: int
    job: str
    column: str | None = None


RETENTION = (
    Kept(
        name="Carts that nobody came back to",
        table="carts",
        since="expires_at",
        days=0,
        job="carts.forget",
    ),
    Kept(
        name="Sessions, from their end",
        table="sessions",
        since="expires_at",
        days=0,
        job="sessions.forget",
    ),
    Kept(
        name="Links in letters, from their end",
        table="letter_links",
        since="expires_at",
        days=7,
        job="letter_links.forget",
    ),
    Kept(
        name="Letters that were sent or given up",
        table="notices",
        since="created_at",
        days=30,
        job="notices.forget",
    ),
    Kept(
        name="Texts that were sent or given up",
        table="text_messages",
        since="created_at",
        days=30,
        job="texting.forget",
    ),
    Kept(
        name="Phones that are told about an order, a table or a kitchen",
        table="push_followers",
        since="created_at",
        days=400,
        job="push.forget",
    ),
    Kept(
        name="Answers kept for repetitions",
        table="idempotency_keys",
        since="created_at",
        days=30,
        job="idempotency.forget",
    ),
    Kept(
        name="Events that everybody has heard",
        table="outbox",
        since="emitted_at",
        days=90,
        job="outbox.forget",
    ),
    Kept(name="Messages for screens", table="live_log", since="at", days=1, job="live.forget"),
    Kept(
        name="What payment providers told",
        table="provider_messages",
        since="received_at",
        days=90,
        job="payments.forget",
    ),
    Kept(
        name="Who waited for a table, from the time that they waited for",
        table="waiting_parties",
        since="until_at",
        days=7,
        job="waitlist.forget",
    ),
    Kept(
        name="What rules knew",
        table="rule_facts",
        since="happened_at",
        days=30,
        job="rules.forget",
    ),
    Kept(name="What rules did", table="rule_effects", since="done_at", days=30, job="rules.forget"),
    Kept(
        name="Answers about cookies",
        table="cookie_consents",
        since="created_at",
        days=consent.KEPT_DAYS,
        job="consent.forget",
    ),
    Kept(
        name="What was said about advertising, from its end",
        table="advert_words",
        since="expires_at",
        days=0,
        job="adverts.forget",
    ),
    Kept(
        name="Network addresses in the trail",
        table="audit_rows",
        since="happened_at",
        days=TRAIL_ADDRESS_DAYS,
        job="privacy.forget",
        column="address",
    ),
    Kept(
        name="The trail of changes",
        table="audit_rows",
        since="happened_at",
        days=TRAIL_DAYS,
        job="privacy.forget",
    ),
)


async def forget_old_traces(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """What no slice forgets by itself."""
    trail = table_of("audit_rows")
    old = trail.c.happened_at < bindparam("before", required=True)
    await uow.run(Statement(delete(trail).where(old)), before=uow.now - timedelta(days=TRAIL_DAYS))
    await uow.run(
        Statement(update(trail).where(old, trail.c.address.is_not(None)).values(address=None)),
        before=uow.now - timedelta(days=TRAIL_ADDRESS_DAYS),
    )
