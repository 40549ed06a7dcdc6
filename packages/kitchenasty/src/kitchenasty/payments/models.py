from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kitchenasty.kit.data.columns import Id, Minor, Record, choice


class PaymentMethod(StrEnum):
    """CASH is paid at the counter, or to the courier at the door; the others online."""

    CASH = "CASH"
    STRIPE = "STRIPE"
    PAYPAL = "PAYPAL"


class PaymentStatus(StrEnum):
    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"


class PaymentRow(Record):
    """Money that is due or was paid for one order."""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount_minor >= 0", name="amount"),)

    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    method: Mapped[PaymentMethod] = mapped_column(choice(PaymentMethod))
    status: Mapped[PaymentStatus] = mapped_column(choice(PaymentStatus))
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
