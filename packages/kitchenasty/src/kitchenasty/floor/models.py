"""Where tables stand."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id
from kitchenasty.kit.tables import Model


class TablePlaceRow(Model):
    """Where a table stands on the plan of its room, in steps of the plan from its upper left."""

    __tablename__ = "table_places"
    __table_args__ = (CheckConstraint("width >= 1 AND height >= 1", name="size"),)

    table_id: Mapped[Id] = mapped_column(
        ForeignKey("tables.id", ondelete="CASCADE"), primary_key=True
    )
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    is_round: Mapped[bool]
