"""Of what guests were reminded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id
from kitchenasty.kit.tables import Model


class ReminderRow(Model):
    """That the guest of a reservation was reminded of this time, or needs no reminder of it."""

    __tablename__ = "reservation_reminders"

    reservation_id: Mapped[Id] = mapped_column(
        ForeignKey("reservations.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    settled_at: Mapped[datetime]
