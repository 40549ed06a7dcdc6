"""Links in letters: each opens one thing, once, for a while. Only its hash is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kitchenasty.accounts.rules import Purpose
from kitchenasty.kit.data.columns import Id, Record, choice


class LetterLinkRow(Record):
    """What a link in a letter to a guest opens."""

    __tablename__ = "letter_links"

    customer_id: Mapped[Id] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    email: Mapped[str | None] = mapped_column(String(254))
    """The address that the account moves to; empty for the other purposes."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
