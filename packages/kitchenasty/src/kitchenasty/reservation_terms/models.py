"""The terms of houses that have their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json
from kitchenasty.kit.tables import Model


class ReservationTermsRow(Model):
    """`terms.Terms` of a house that has its own."""

    __tablename__ = "reservation_terms"

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    terms: Mapped[Any] = mapped_column(Json)
    updated_at: Mapped[datetime]
