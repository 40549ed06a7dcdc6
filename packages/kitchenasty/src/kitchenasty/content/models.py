"""The tables of what the house shows of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kitchenasty.kit.data.columns import Json, Model


class SiteRow(Model):
    """The one row of the site. `version` moves on with everything that pages show of it; what is
    empty has the product's own words, or its theme's colours.
    """

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str | None] = mapped_column(String(120))
    logo: Mapped[str | None] = mapped_column(String(300))
    favicon: Mapped[str | None] = mapped_column(String(300))
    color_primary: Mapped[str | None] = mapped_column(String(7))
    color_secondary: Mapped[str | None] = mapped_column(String(7))
    scheme: Mapped[str] = mapped_column(String(8))
    theme: Mapped[str] = mapped_column(String(16))
    hero: Mapped[Any | None] = mapped_column(Json)
    features: Mapped[Any | None] = mapped_column(Json)
    call: Mapped[Any | None] = mapped_column(Json)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
