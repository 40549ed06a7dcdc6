"""The guests who have an account. Ordering needs none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kitchenasty.kit.data.columns import Id, Record

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
    )

    email: Mapped[str] = mapped_column(String(254))
    verified_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    push_token: Mapped[str | None] = mapped_column(String(200))
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
