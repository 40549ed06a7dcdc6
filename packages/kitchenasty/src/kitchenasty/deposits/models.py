from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Minor, choice
from kitchenasty.kit.tables import Record
from kitchenasty.payments import IntentState, PaymentMethod, ReturnState

OPEN_ATTEMPT = "state IN ('CREATED', 'REQUIRES_ACTION', 'AUTHORIZED')"

TO_REVIEW = "review IS NOT NULL AND reviewed_at IS NULL"


class AttemptKind(StrEnum):
    """PAYMENT: a deposit. CARD: a card that is left for a fee, and no money; AUTHORIZED while it is
    kept. FEE: what that card is charged.
    """

    PAYMENT = "PAYMENT"
    CARD = "CARD"
    FEE = "FEE"


class ReturnReason(StrEnum):
    """CANCELLED: in time. TOO_LATE: it came when the table was gone, or a second time. HOUSE: the
    house gives it back. FEWER: fewer people come than it was paid for.
    """

    CANCELLED = "CANCELLED"
    TOO_LATE = "TOO_LATE"
    HOUSE = "HOUSE"
    FEWER = "FEWER"


class DepositPaymentRow(Record):
    """An attempt to pay a deposit online, to leave a card, or to charge it, and the money once it
    was taken (`charge_ref`; of a card, the provider's name for it). Rows stay; what became of the
    money are rows of the other two tables.

    `review` says why a person must look at it: another sum was taken than we asked for;
    `told_minor` where that is known in our currency. `reviewed_at`: somebody has.
    """

    __tablename__ = "deposit_payments"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index(
            "uq_deposit_payments_open_attempt",
            "reservation_id",
            "method",
            "kind",
            unique=True,
            sqlite_where=text(OPEN_ATTEMPT),
            postgresql_where=text(OPEN_ATTEMPT),
        ),
        Index(
            "ix_deposit_payments_to_review",
            "house_id",
            sqlite_where=text(TO_REVIEW),
            postgresql_where=text(TO_REVIEW),
        ),
    )

    reservation_id: Mapped[Id] = mapped_column(ForeignKey("reservations.id"), index=True)
    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    method: Mapped[PaymentMethod] = mapped_column(choice(PaymentMethod))
    kind: Mapped[AttemptKind] = mapped_column(choice(AttemptKind), server_default="PAYMENT")
    state: Mapped[IntentState] = mapped_column(choice(IntentState))
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = mapped_column(String(3))
    provider_ref: Mapped[str | None] = mapped_column(String(255), unique=True)
    charge_ref: Mapped[str | None] = mapped_column(String(255))
    failure: Mapped[str | None] = mapped_column(String(200))
    review: Mapped[str | None] = mapped_column(String(200))
    told_minor: Mapped[Minor | None]
    reviewed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    captured_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class DepositReturnRow(Record):
    """Money of a deposit given back to where it came from. Its id is the key under which a provider
    is asked first, so asking twice moves it once.
    """

    __tablename__ = "deposit_returns"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)

    reservation_id: Mapped[Id] = mapped_column(ForeignKey("reservations.id"), index=True)
    payment_id: Mapped[Id] = mapped_column(ForeignKey("deposit_payments.id"), index=True)
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[ReturnReason] = mapped_column(choice(ReturnReason))
    state: Mapped[ReturnState] = mapped_column(choice(ReturnState))
    provider_ref: Mapped[str | None] = mapped_column(String(255))
    failure: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class DepositKeptRow(Record):
    """Money of a deposit that the house keeps; below zero where it let go of it again. Append-only:
    what is kept is the sum.
    """

    __tablename__ = "deposits_kept"
    __table_args__ = (CheckConstraint("amount_minor <> 0", name="amount"),)

    reservation_id: Mapped[Id] = mapped_column(ForeignKey("reservations.id"), index=True)
    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(index=True)
