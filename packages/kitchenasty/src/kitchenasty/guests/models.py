"""The guests who have an account. Ordering needs none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id
from kitchenasty.kit.tables import Record

IS_CONFIRMED = "verified_at IS NOT NULL"


class Customer(Record):
    """A guest with an account. `email` is normalised, whatever the capitals.

    Anybody can type anybody's address, so several accounts may have one until a letter to it was
    answered; the one that did has it for itself.
    """

    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_email_id", "email", "id"),
        Index(
            "uq_customers_confirmed_email",
            "email",
            unique=True,
            sqlite_where=text(IS_CONFIRMED),
            postgresql_where=text(IS_CONFIRMED),
        ),
        Index("ix_customers_created_at_id", "created_at", "id"),
        Index("ix_customers_name_key", "name_key"),
        Index("ix_customers_surname_key", "surname_key"),
        Index("ix_customers_phone_key", "phone_key"),
    )

    email: Mapped[str] = mapped_column(String(254))
    verified_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), server_default="")
    surname_key: Mapped[str] = mapped_column(String(200), server_default="")
    """The same name with its last word first."""
    phone: Mapped[str | None] = mapped_column(String(40))
    phone_key: Mapped[str] = mapped_column(String(40), server_default="")
    allergies: Mapped[str | None] = mapped_column(String(300))
    """What the house knows of it; the cooks' safety net, in words."""
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AddressRow(Record):
    """An address of a guest's book. Of a book that is not empty, one is the default."""

    __tablename__ = "addresses"

    customer_id: Mapped[Id] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str | None] = mapped_column(String(60))
    line1: Mapped[str] = mapped_column(String(120))
    line2: Mapped[str | None] = mapped_column(String(120))
    city: Mapped[str] = mapped_column(String(120))
    state: Mapped[str | None] = mapped_column(String(120))
    postal_code: Mapped[str] = mapped_column(String(20))
    country: Mapped[str | None] = mapped_column(String(60))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    is_default: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class GuestNoteRow(Record):
    """What the house remarks about a guest. Guests see it in the export of their data only."""

    __tablename__ = "guest_notes"

    customer_id: Mapped[Id] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    body: Mapped[str] = mapped_column(String(1000))
    author_id: Mapped[str | None] = mapped_column(String(36))
    author_name: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime]


class GuestTagRow(Record):
    """A word that the house, or one of its rules, put on a guest."""

    __tablename__ = "guest_tags"
    __table_args__ = (UniqueConstraint("customer_id", "tag"),)

    customer_id: Mapped[Id] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    tag: Mapped[str] = mapped_column(String(40))
    tagged_at: Mapped[datetime]
