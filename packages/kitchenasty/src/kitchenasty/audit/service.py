"""Writing to the audit trail, in the transaction of the change, and reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from kitchenasty.audit.models import AuditRow
from kitchenasty.kit.books import Look, UnitOfWork

LIST_LIMIT_MAX = 200
ADDRESS_LENGTH_MAX = 64

ADD = insert_into(AuditRow)
OF_ENTITY = Statement(
    select(
        AuditRow.happened_at,
        AuditRow.actor_name,
        AuditRow.action,
        AuditRow.before,
        AuditRow.after,
        AuditRow.address,
        AuditRow.request_id,
    )
    .where(
        AuditRow.entity == bindparam("entity"),
        AuditRow.entity_id == bindparam("entity_id"),
    )
    .order_by(AuditRow.id.desc())
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change, as people read it."""

    happened_at: datetime
    actor_name: str
    action: str
    before: Any
    after: Any
    address: str | None
    request_id: str


async def record(
    uow: UnitOfWork,
    *,
    action: str,
    entity: str,
    entity_id: str | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down a change; it is kept exactly if the change is. Never give secrets in here."""
    await uow.run(
        ADD,
        id=new_id(),
        happened_at=uow.now,
        actor_kind=uow.actor.kind,
        actor_id=uow.actor.id,
        actor_name=uow.actor.name,
        address=uow.address[:ADDRESS_LENGTH_MAX] if uow.address else None,
        request_id=uow.request_id,
        action=action,
        entity=entity,
        entity_id=entity_id,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )


async def list_entries(
    look: Look, *, entity: str, entity_id: str, limit: int = 50
) -> list[AuditEntry]:
    """What happened to one thing, newest first."""
    found = await look.rows(
        OF_ENTITY, entity=entity, entity_id=entity_id, limit=min(limit, LIST_LIMIT_MAX)
    )
    return [AuditEntry(*row) for row in found]
