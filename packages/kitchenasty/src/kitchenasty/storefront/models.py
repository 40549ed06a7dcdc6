"""A cart, kept on our side so that it survives reloads and phones without script."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json
from kitchenasty.kit.tables import Record


class CartRow(Record):
    """What one visitor wants from one house. The visitor is known by a cookie; we keep its hash."""

    __tablename__ = "carts"
    __table_args__ = (UniqueConstraint("visitor_hash", "house_id"),)

    visitor_hash: Mapped[str] = mapped_column(String(64))
    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    lines: Mapped[Any] = mapped_column(Json)
    """A list of cart.CartLine, in the order in which they were added."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
