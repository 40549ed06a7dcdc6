"""The tables of what guests are asked about cookies, and of what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json
from kitchenasty.kit.tables import Model, Record


class CookieCategoryRow(Record):
    """What cookies are for. `cookies` is a list of their names; `script_url` is what pages fetch
    from elsewhere once a guest has agreed, and `script_site` how this house is called there.
    """

    __tablename__ = "cookie_categories"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(500))
    cookies: Mapped[Any] = mapped_column(Json)
    script_url: Mapped[str | None] = mapped_column(String(300))
    script_site: Mapped[str] = mapped_column(String(100))
    is_required: Mapped[bool]
    is_active: Mapped[bool]
    sort_order: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CookieQuestionRow(Model):
    """What guests were asked from `created_at` on, word for word. Rows are only ever added."""

    __tablename__ = "cookie_questions"

    version: Mapped[int] = mapped_column(primary_key=True)
    asked: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime]


class CookieConsentRow(Record):
    """One answer to one category as it was called then; it outlives the category. `visitor` is the
    hash of a secret that only the guest's browser has: it ties the answers of one browser
    together and leads back to nobody. No address is kept.
    """

    __tablename__ = "cookie_consents"
    __table_args__ = (
        Index("ix_cookie_consents_created_at", "created_at"),
        Index("ix_cookie_consents_category_id_accepted", "category_id", "accepted"),
    )

    category_id: Mapped[Id]
    category: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    accepted: Mapped[bool]
    customer_id: Mapped[Id | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL"), index=True
    )
    visitor: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
