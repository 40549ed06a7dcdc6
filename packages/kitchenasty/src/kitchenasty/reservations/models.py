"""Reservations and their history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, choice
from kitchenasty.kit.tables import Record
from kitchenasty.reservations.states import Source, Status


class ReservationRow(Record):
    """A party that comes, came or did not come. `day` is the date on which the house opened for it,
    `starts_at` and `ends_at` are instants. `quarter` is where its covers are counted.
    """

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint("party BETWEEN 1 AND 100", name="party"),
        CheckConstraint("ends_at > starts_at", name="stay"),
        Index("ix_reservations_house_id_day_starts_at", "house_id", "day", "starts_at"),
        Index("ix_reservations_customer_id_starts_at", "customer_id", "starts_at"),
        Index("ix_reservations_name_key", "name_key"),
        Index("ix_reservations_phone_key", "phone_key"),
        Index("ix_reservations_guest_email", "guest_email"),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    customer_id: Mapped[Id | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    guest_name: Mapped[str] = mapped_column(String(120))
    guest_email: Mapped[str | None] = mapped_column(String(254))
    guest_phone: Mapped[str | None] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(120))
    phone_key: Mapped[str] = mapped_column(String(40))
    party: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    quarter: Mapped[datetime]
    status: Mapped[Status] = mapped_column(choice(Status))
    source: Mapped[Source] = mapped_column(choice(Source))
    area: Mapped[str | None] = mapped_column(String(40))
    """Where the guest wishes to sit."""
    note: Mapped[str | None] = mapped_column(String(500))
    allergies: Mapped[str | None] = mapped_column(String(300))
    house_note: Mapped[str | None] = mapped_column(String(500))
    locale: Mapped[str | None] = mapped_column(String(16))
    """The language it was made in, for letters about it."""
    capability_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agreed: Mapped[Any] = mapped_column(Json, nullable=True)
    """`agreed.Agreed`, where money was asked for."""
    awaits_deposit_until: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReservationHistoryRow(Record):
    """Who did what to a reservation, when and why. Append-only."""

    __tablename__ = "reservation_history"

    reservation_id: Mapped[Id] = mapped_column(
        ForeignKey("reservations.id", ondelete="CASCADE"), index=True
    )
    happened_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(32))
    details: Mapped[Any] = mapped_column(Json, nullable=True)
