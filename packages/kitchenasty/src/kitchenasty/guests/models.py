"""The guests who have an account. Ordering needs none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kitchenasty.kit.data.columns import Record


class Customer(Record):
    """A guest with an account; `email` is normalised, so it is unique whatever the capitals."""

    __tablename__ = "customers"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    push_token: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
