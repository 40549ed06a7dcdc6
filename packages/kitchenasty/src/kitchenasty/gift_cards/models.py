"""Gift cards and the ledger of each: rows are only ever added, and a balance is their sum."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Minor, choice
from kitchenasty.gift_cards.rules import REASON_LENGTH_MAX, CardEntryKind
from kitchenasty.kit.tables import Record


class GiftCardRow(Record):
    """A card. Of its code only the hash is kept, and the end, by which people tell cards apart.
    `entries` counts its ledger: whoever counts on holds the card until the commit.
    """

    __tablename__ = "gift_cards"

    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(4))
    currency: Mapped[str] = mapped_column(String(3))
    issued_minor: Mapped[Minor]
    note: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    entries: Mapped[int]
    issued_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]


class CardEntryRow(Record):
    """One movement of a card's money. `balance_minor` is the sum up to here."""

    __tablename__ = "gift_card_entries"
    __table_args__ = (
        UniqueConstraint("card_id", "number"),
        CheckConstraint("balance_minor >= 0", name="balance"),
    )

    card_id: Mapped[Id] = mapped_column(ForeignKey("gift_cards.id"))
    number: Mapped[int]
    kind: Mapped[CardEntryKind] = mapped_column(choice(CardEntryKind))
    amount_minor: Mapped[Minor]
    balance_minor: Mapped[Minor]
    order_id: Mapped[Id | None] = mapped_column(
        ForeignKey("orders.id", ondelete="SET NULL"), index=True
    )
    order_number: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    actor_name: Mapped[str] = mapped_column(String(200))
    happened_at: Mapped[datetime]
