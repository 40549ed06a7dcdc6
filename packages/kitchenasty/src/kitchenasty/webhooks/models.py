"""The tables: who is told, what is told to whom, and how each try went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, choice
from kitchenasty.kit.tables import Record
from kitchenasty.webhooks.states import DeliveryState, OffReason

WAITING = "state = 'WAITING'"


class WebhookEndpointRow(Record):
    """A receiver. `house_id` None: of all houses. Its secrets are sealed; during a change of the
    secret both count until `old_until`.
    """

    __tablename__ = "webhook_endpoints"

    url: Mapped[str] = mapped_column(String(2000))
    description: Mapped[str] = mapped_column(String(200))
    topics: Mapped[Any] = mapped_column(Json)
    house_id: Mapped[Id | None] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), index=True
    )
    is_on: Mapped[bool]
    off_reason: Mapped[OffReason | None] = mapped_column(choice(OffReason))
    off_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    secret: Mapped[str] = mapped_column(String(200))
    old_secret: Mapped[str | None] = mapped_column(String(200))
    old_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))


class WebhookDeliveryRow(Record):
    """An event on its way to one receiver: once for each, whatever is killed when. The body is kept
    as it was signed first, so that every try says the same.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index(
            "ix_webhook_deliveries_waiting",
            "endpoint_id",
            "try_at",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_webhook_deliveries_of_endpoint", "endpoint_id", "created_at", "id"),
        Index("ix_webhook_deliveries_until", "until"),
    )

    endpoint_id: Mapped[Id] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event_id: Mapped[Id]
    topic: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState))
    created_at: Mapped[datetime]
    try_at: Mapped[datetime]
    until: Mapped[datetime]
    """Tried until then; and kept for some days more."""
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int]
    settled_at: Mapped[datetime | None]


class WebhookTryRow(Record):
    """One call: what the receiver answered, or why it could not. Only the first of what it said."""

    __tablename__ = "webhook_tries"

    delivery_id: Mapped[Id] = mapped_column(
        ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), index=True
    )
    tried_at: Mapped[datetime]
    status: Mapped[int | None]
    trouble: Mapped[str | None] = mapped_column(String(32))
    duration_ms: Mapped[int]
    answer: Mapped[str | None] = mapped_column(String(1000))
