"""What was counted in a house's drawer, and the days that were closed on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, Minor, choice
from kitchenasty.kit.tables import Record
from kitchenasty.till.rules import REASON_LENGTH_MAX, CountKind


class CashCountRow(Record):
    """A count; never changed, never deleted. The last close or correction of a day is what holds.
    What was taken and given back is kept as it was known then, and so is what was expected.
    """

    __tablename__ = "cash_counts"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        UniqueConstraint("house_id", "day", "number"),
        UniqueConstraint("house_id", "close_number"),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    day: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    """1, 2, 3 of one day: of two who count at once, the second is told."""
    close_number: Mapped[int | None]
    """1, 2, 3 without a gap, of all closes and corrections of a house; none on a mere count."""
    kind: Mapped[CountKind] = mapped_column(choice(CountKind))
    currency: Mapped[str] = mapped_column(String(3))
    float_minor: Mapped[Minor]
    taken_minor: Mapped[Minor]
    tips_minor: Mapped[Minor]
    returned_minor: Mapped[Minor]
    paid_in_minor: Mapped[Minor]
    paid_out_minor: Mapped[Minor]
    expected_minor: Mapped[Minor]
    counted_minor: Mapped[Minor]
    pieces: Mapped[Any] = mapped_column(Json)
    """[[value in minor units, how many]]"""
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(80))
    made_by_name: Mapped[str] = mapped_column(String(200))
