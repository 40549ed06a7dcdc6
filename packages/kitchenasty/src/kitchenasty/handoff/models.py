"""The tables: how each house hands its deliveries over, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, Minor, choice
from kitchenasty.handoff.states import HandoffState
from kitchenasty.kit.tables import Model, Record

KEY_LENGTH = 44
OPEN = "ended_at IS NULL"


class HandoffTermsRow(Model):
    """One house: its market, its key there, and how far it has read what happens there."""

    __tablename__ = "handoff_terms"

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    is_on: Mapped[bool]
    market_url: Mapped[str] = mapped_column(String(300))
    market: Mapped[Any] = mapped_column(Json, nullable=True)
    """What the market said of itself first, as `drafts.Market`; it is held to that."""
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    sealed_key: Mapped[str] = mapped_column(String(200))
    base: Mapped[Minor]
    per_km: Mapped[Minor]
    most: Mapped[Minor]
    weight_grams: Mapped[int]
    volume_ml: Mapped[int]
    bid_seconds: Mapped[int]
    confirm_seconds: Mapped[int]
    places: Mapped[Any] = mapped_column(Json)
    version: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    """The market's last message that was read."""
    balance: Mapped[Minor | None]
    spoke_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(80))
    trouble_since: Mapped[datetime | None]
    tries: Mapped[int]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    """When there is something to be said or heard next."""
    claimed_until: Mapped[datetime | None]


class HandoffRow(Record):
    """One try to have an order carried. The market knows the job by the 16 bytes of this id, so it
    is listed once, whatever is killed when.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        UniqueConstraint("order_id", "attempt"),
        Index(
            "ix_handoffs_open",
            "house_id",
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_handoffs_house_id_created_at", "house_id", "created_at"),
    )

    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    state: Mapped[HandoffState] = mapped_column(choice(HandoffState))
    is_wanted_back: Mapped[bool]
    budget: Mapped[Minor]
    """0: by the rule of the house, as soon as it is listed."""
    paid: Mapped[Minor]
    sent_at: Mapped[datetime | None]
    """When it was sent first: from then on it may be there, whether or not that was answered."""
    job_id: Mapped[str | None] = mapped_column(String(36))
    """The market's own name for it."""
    legs: Mapped[Any] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(String(80))
    """The code of a refusal, or what the guest says is wrong."""
    created_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    is_received: Mapped[bool | None]
    """What the guest said: that it is there, or that it is not."""
    ended_at: Mapped[datetime | None]
