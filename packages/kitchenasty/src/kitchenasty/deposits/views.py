"""Deposits as they are shown: attempts, what went back, and all money of one reservation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from basis.money import Money
from kitchenasty.deposits.models import AttemptKind, ReturnReason
from kitchenasty.deposits.states import Account
from kitchenasty.payments import LIVE, PAID, IntentState, PaymentMethod, ReturnState


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to pay a deposit, to leave a card, or to charge it. Its id is its name towards
    the provider too (`Wish.key`).
    """

    id: str
    reservation_id: str
    house_id: str
    method: PaymentMethod
    state: IntentState
    amount: Money
    provider_ref: str | None
    charge_ref: str | None
    failure: str | None
    created_at: datetime
    kind: AttemptKind = AttemptKind.PAYMENT
    review: str | None = None
    told_minor: int | None = None
    reviewed_at: datetime | None = None
    forgotten_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in LIVE and not self.is_kept_card

    @property
    def is_kept_card(self) -> bool:
        return self.kind is AttemptKind.CARD and self.state is IntentState.AUTHORIZED

    @property
    def wants_review(self) -> bool:
        """The provider took another sum than we asked for, and nobody has said what to do."""
        return self.review is not None and self.reviewed_at is None and not self.is_paid

    @property
    def told(self) -> Money | None:
        """What the provider took instead, where it is known in our currency."""
        return None if self.told_minor is None else Money(self.told_minor, self.amount.currency)

    @property
    def is_paid(self) -> bool:
        return self.state in PAID


@dataclass(frozen=True, slots=True)
class Return:
    """Money on its way back, or there."""

    id: str
    payment_id: str
    amount: Money
    reason: ReturnReason
    state: ReturnState
    failure: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """All money of one reservation."""

    account: Account
    attempts: tuple[Attempt, ...]
    returns: tuple[Return, ...]

    @property
    def on_its_way(self) -> Money:
        pending = [one for one in self.returns if one.state is ReturnState.PENDING]
        return Money(sum(one.amount.minor for one in pending), self.account.currency)

    @property
    def kept_card(self) -> Attempt | None:
        return next((one for one in self.attempts if one.is_kept_card), None)

    @property
    def card(self) -> Attempt | None:
        """The card that was left at last, kept still or forgotten."""
        was_kept = [one for one in self.attempts if one.is_kept_card or one.forgotten_at]
        return was_kept[-1] if was_kept else None

    @property
    def fee(self) -> Attempt | None:
        """The newest try to charge the card."""
        fees = [one for one in self.attempts if one.kind is AttemptKind.FEE]
        return fees[-1] if fees else None

    @property
    def to_review(self) -> tuple[Attempt, ...]:
        return tuple(one for one in self.attempts if one.wants_review)

    def left_of(self, attempt: Attempt) -> int:
        """What of the money of one payment has not gone back."""
        back = sum(one.amount.minor for one in self.returns if one.payment_id == attempt.id)
        return attempt.amount.minor - back if attempt.is_paid else 0
