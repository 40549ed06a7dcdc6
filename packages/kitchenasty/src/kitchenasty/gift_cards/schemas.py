"""Gift cards on the wire."""

from __future__ import annotations

from typing import Annotated

import msgspec

from basis.kit.http.wire import Amount, Form, Price, Stamp, WireStruct, amount, bounded_minor, stamp
from basis.money import Money
from kitchenasty.gift_cards.rules import (
    REASON_LENGTH_MAX,
    TYPED_LENGTH_MAX,
    CardEntry,
    CardEntryKind,
    GiftCard,
)


class GiftCardCode(Form, kw_only=True):
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=TYPED_LENGTH_MAX)]


class NewGiftCard(Form, kw_only=True):
    amount: Price
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    note: Annotated[str, msgspec.Meta(max_length=REASON_LENGTH_MAX)] | None = None

    def to_amount(self) -> Money:
        """Raises BadAmount."""
        return Money(bounded_minor(self.amount, self.currency), self.currency)


class VoidGiftCard(Form, kw_only=True):
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_LENGTH_MAX)]


class CardBalance(WireStruct, kw_only=True):
    balance: Amount
    currency: str
    is_void: bool

    @classmethod
    def of(cls, card: GiftCard) -> CardBalance:
        return cls(
            balance=amount(card.balance_minor, card.currency),
            currency=card.currency,
            is_void=card.voided_at is not None,
        )


class CardEntryView(WireStruct, kw_only=True):
    kind: CardEntryKind
    amount: Amount
    balance: Amount
    order_id: str | None
    order_number: str | None
    reason: str | None
    created_at: Stamp

    @classmethod
    def of(cls, entry: CardEntry, currency: str) -> CardEntryView:
        return cls(
            kind=entry.kind,
            amount=amount(entry.amount_minor, currency),
            balance=amount(entry.balance_minor, currency),
            order_id=entry.order_id,
            order_number=entry.order_number,
            reason=entry.reason,
            created_at=stamp(entry.happened_at),
        )


class GiftCardView(WireStruct, kw_only=True):
    """`hint` is the end of the code, which nobody is told again."""

    id: str
    hint: str
    currency: str
    issued: Amount
    balance: Amount
    note: str | None
    issued_at: Stamp
    voided_at: Stamp | None
    entries: list[CardEntryView] = []

    @classmethod
    def of(cls, card: GiftCard, entries: list[CardEntry]) -> GiftCardView:
        return cls(
            id=card.id,
            hint=card.hint,
            currency=card.currency,
            issued=amount(card.issued_minor, card.currency),
            balance=amount(card.balance_minor, card.currency),
            note=card.note,
            issued_at=stamp(card.issued_at),
            voided_at=None if card.voided_at is None else stamp(card.voided_at),
            entries=[CardEntryView.of(entry, card.currency) for entry in entries],
        )


class IssuedGiftCard(WireStruct, kw_only=True):
    """The only answer with the code."""

    code: str
    card: GiftCardView
