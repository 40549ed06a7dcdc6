from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, choice
from kitchenasty.kit.tables import Model, Record


class ReceiptKind(StrEnum):
    """What was paid, or what was given back."""

    RECEIPT = "RECEIPT"
    CREDIT_NOTE = "CREDIT_NOTE"


class ReceiptRow(Record):
    """A numbered receipt. It is never changed and never deleted; its seller is as on that day."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("house_id", "year", "number"),)

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    year: Mapped[int]
    """Of the house's own calendar."""
    number: Mapped[int]
    kind: Mapped[ReceiptKind] = mapped_column(choice(ReceiptKind))
    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id"), index=True)
    about_id: Mapped[Id] = mapped_column(unique=True)
    """The order, or the refund: each has one receipt."""
    seller: Mapped[Any] = mapped_column(Json)
    """Lines of text: who sells, where, under which number of the tax office."""
    issued_at: Mapped[datetime]


class ReceiptCounterRow(Model):
    """The last number that a house gave out in a year."""

    __tablename__ = "receipt_counters"

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
