"""The audit trail's table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Json, choice
from kitchenasty.kit.principals import Kind
from kitchenasty.kit.tables import Record


class AuditRow(Record):
    """One change; `before` and `after` hold the fields that differ. Only ever added."""

    __tablename__ = "audit_rows"
    __table_args__ = (
        Index("ix_audit_rows_entity_entity_id", "entity", "entity_id", "id"),
        Index("ix_audit_rows_actor_id", "actor_id", "happened_at", "id"),
        Index("ix_audit_rows_happened_at", "happened_at", "id"),
        Index("ix_audit_rows_entity", "entity", "happened_at", "id"),
        Index("ix_audit_rows_action", "action", "happened_at", "id"),
    )

    happened_at: Mapped[datetime]
    actor_kind: Mapped[Kind] = mapped_column(choice(Kind))
    actor_id: Mapped[str | None] = mapped_column(String(36))
    actor_name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(64))
    request_id: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(80))
    entity: Mapped[str] = mapped_column(String(80))
    entity_id: Mapped[str | None] = mapped_column(String(80))
    before: Mapped[Any | None] = mapped_column(Json)
    after: Mapped[Any | None] = mapped_column(Json)
