"""What the kitchen must not overlook."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id
from kitchenasty.kit.tables import Model


class CancelledTicketRow(Model):
    """An order that was cancelled while the kitchen had it, until a cook has seen that."""

    __tablename__ = "cancelled_tickets"
    __table_args__ = (Index("ix_cancelled_tickets_house_id", "house_id", "cancelled_at"),)

    order_id: Mapped[Id] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True
    )
    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    before: Mapped[str] = mapped_column(String(32))
    """Its status then: the column of the board in which it stood, and stands crossed out."""
    cancelled_at: Mapped[datetime]
