"""Reservations, the tables they keep, and the terms of a house."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.reservations.states import Source, Status

APART = "table_stays_apart"
"""No two stays of a table overlap: on PostgreSQL by this constraint, on SQLite by the triggers of
the same name (migration 0041; docs/adr/0015-no-table-is-sold-twice.md).
"""
IS_BLOCK = "block_id IS NOT NULL"


class ReservationTermsRow(Model):
    """`terms.Terms` of a house that has its own."""

    __tablename__ = "reservation_terms"

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    terms: Mapped[Any] = mapped_column(Json)
    updated_at: Mapped[datetime]


class CombinationRow(Record):
    """Tables of a house that are pushed together for large parties."""

    __tablename__ = "table_combinations"
    __table_args__ = (
        UniqueConstraint("house_id", "name"),
        CheckConstraint("seats >= 2 AND seats_min BETWEEN 1 AND seats", name="seats"),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    seats: Mapped[int]
    seats_min: Mapped[int]
    created_at: Mapped[datetime]


class CombinedTableRow(Model):
    __tablename__ = "combined_tables"

    combination_id: Mapped[Id] = mapped_column(
        ForeignKey("table_combinations.id", ondelete="CASCADE"), primary_key=True
    )
    table_id: Mapped[Id] = mapped_column(
        ForeignKey("tables.id", ondelete="CASCADE"), primary_key=True, index=True
    )


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


class BlockRow(Record):
    """Tables that are given to nobody for a while."""

    __tablename__ = "table_blocks"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="time"),)

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class StayRow(Record):
    """A table that is kept from one instant (included) to another (excluded), for one party or one
    block. A party at several tables has one row for each.
    """

    __tablename__ = "table_stays"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="time"),
        CheckConstraint("(reservation_id IS NULL) <> (block_id IS NULL)", name="one"),
        # Who asks for a day wants what is not over then: the past is never read.
        Index("ix_table_stays_table_id_ends_at", "table_id", "ends_at"),
        Index("ix_table_stays_house_id_ends_at", "house_id", "ends_at"),
        # Blocks last for months, so they are looked for by themselves.
        Index(
            "ix_table_stays_blocked",
            "house_id",
            "ends_at",
            sqlite_where=text(IS_BLOCK),
            postgresql_where=text(IS_BLOCK),
        ),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"))
    table_id: Mapped[Id] = mapped_column(ForeignKey("tables.id"))
    reservation_id: Mapped[Id | None] = mapped_column(
        ForeignKey("reservations.id", ondelete="CASCADE"), index=True
    )
    block_id: Mapped[Id | None] = mapped_column(
        ForeignKey("table_blocks.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


StayRow.__table__.append_constraint(  # type: ignore[attr-defined]
    ExcludeConstraint(
        (StayRow.__table__.c.table_id, "="),
        (func.tstzrange(StayRow.__table__.c.starts_at, StayRow.__table__.c.ends_at), "&&"),
        name=APART,
        using="gist",
    ).ddl_if(dialect="postgresql")
)


class ArrivalsRow(Model):
    """How many people arrive within one quarter of an hour."""

    __tablename__ = "reservation_arrivals"
    __table_args__ = (CheckConstraint("covers >= 0", name="covers"),)

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    quarter: Mapped[datetime] = mapped_column(primary_key=True)
    covers: Mapped[int]
