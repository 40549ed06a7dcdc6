from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Minor, choice
from basis.sentences import word
from kitchenasty.kit.tables import Record
from kitchenasty.payments.states import IntentState

OPEN_ATTEMPT = (
    "state IN ('CREATED', 'REQUIRES_ACTION', 'AUTHORIZED') AND method IN ('STRIPE', 'PAYPAL')"
)


class PaymentMethod(StrEnum):
    """CASH and CARD are paid at the counter, or to the courier at the door: guests choose CASH, and
    staff say which it was. STRIPE and PAYPAL are paid online. A GIFT_CARD is paid when it is used,
    a DEPOSIT when it is taken off the bill of the table that it was paid for.
    """

    CASH = "CASH"
    CARD = "CARD"
    STRIPE = "STRIPE"
    PAYPAL = "PAYPAL"
    GIFT_CARD = "GIFT_CARD"
    DEPOSIT = "DEPOSIT"

    @property
    def is_online(self) -> bool:
        return self in (PaymentMethod.STRIPE, PaymentMethod.PAYPAL)


METHOD_WORDS = {
    PaymentMethod.CASH: word("Cash"),
    PaymentMethod.CARD: word("Card"),
    PaymentMethod.STRIPE: word("Card online"),
    PaymentMethod.PAYPAL: "PayPal",
    PaymentMethod.GIFT_CARD: word("Gift card"),
    PaymentMethod.DEPOSIT: word("Deposit for the table"),
}


class PaymentStatus(StrEnum):
    """How the contract's clients are told an IntentState."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"


class PaymentRow(Record):
    """A tender: money that is due or was paid for one order, in one way. The amount is the order's.

    `provider_ref` is the provider's name for the attempt, `charge_ref` for the money once it was
    taken. `is_surplus` marks money that came for an order that was paid or cancelled already: it
    never counted for the order, and goes back by itself. `review` is what a person must look at.
    `tendered_minor` is the cash that was laid on the counter, `rounding_minor` what coins made of
    the amount: it belongs to no price and no tax.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="amount"),
        Index(
            "uq_payments_open_attempt",
            "order_id",
            "method",
            "is_hosted",
            unique=True,
            sqlite_where=text(OPEN_ATTEMPT),
            postgresql_where=text(OPEN_ATTEMPT),
        ),
        Index(
            "ix_payments_collected_at",
            "collected_at",
            sqlite_where=text("collected_at IS NOT NULL"),
            postgresql_where=text("collected_at IS NOT NULL"),
        ),
    )

    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    method: Mapped[PaymentMethod] = mapped_column(choice(PaymentMethod))
    state: Mapped[IntentState] = mapped_column(choice(IntentState))
    amount_minor: Mapped[Minor]
    currency: Mapped[str] = mapped_column(String(3))
    is_hosted: Mapped[bool]
    is_surplus: Mapped[bool]
    provider_ref: Mapped[str | None] = mapped_column(String(255), unique=True)
    charge_ref: Mapped[str | None] = mapped_column(String(255))
    failure: Mapped[str | None] = mapped_column(String(200))
    review: Mapped[str | None] = mapped_column(String(200))
    tendered_minor: Mapped[Minor | None]
    rounding_minor: Mapped[Minor] = mapped_column(server_default="0")
    collected_at: Mapped[datetime | None]
    """When it was paid at the counter or the door; empty for every other way."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReturnState(StrEnum):
    """PENDING: promised, the provider has not said yes. DONE: the money is back. REFUSED: the
    provider will not do it, so the house gives it back by hand.
    """

    PENDING = "PENDING"
    DONE = "DONE"
    REFUSED = "REFUSED"


class PaymentReturnRow(Record):
    """Money given back to the tender that it came from. Its id is the key under which a provider
    is asked first, so asking twice moves it once.
    """

    __tablename__ = "payment_returns"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("payment_id", "refund_id"),
    )

    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    payment_id: Mapped[Id] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"))
    refund_id: Mapped[Id]
    """Of the decision that this is a part of; the slice that decides lies above this one."""
    amount_minor: Mapped[Minor]
    rounding_minor: Mapped[Minor] = mapped_column(server_default="0")
    """What coins made of it where it was handed back in cash."""
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[ReturnState] = mapped_column(choice(ReturnState))
    provider_ref: Mapped[str | None] = mapped_column(String(255))
    failure: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(index=True)


class MessageOutcome(StrEnum):
    """IGNORED concerns nothing of ours. WAITING names an attempt that is not in the books yet.
    REFUSED contradicts the books, so that a person has to look.
    """

    APPLIED = "APPLIED"
    IGNORED = "IGNORED"
    WAITING = "WAITING"
    REFUSED = "REFUSED"


class ProviderMessageRow(Record):
    """What a provider told us unasked, once. Its id makes a repetition known."""

    __tablename__ = "provider_messages"
    __table_args__ = (
        UniqueConstraint("method", "message_id"),
        Index(
            "ix_provider_messages_open",
            "received_at",
            sqlite_where=text("outcome IN ('WAITING', 'REFUSED')"),
            postgresql_where=text("outcome IN ('WAITING', 'REFUSED')"),
        ),
    )

    method: Mapped[PaymentMethod] = mapped_column(choice(PaymentMethod))
    message_id: Mapped[str] = mapped_column(String(255))
    told: Mapped[dict[str, Any]]
    """What it said, as far as we understand it; nothing else of it is kept."""
    outcome: Mapped[MessageOutcome] = mapped_column(choice(MessageOutcome))
    reason: Mapped[str | None] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(index=True)
    handled_at: Mapped[datetime | None]
