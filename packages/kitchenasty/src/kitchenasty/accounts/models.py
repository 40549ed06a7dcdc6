"""Links in letters: each opens one thing, once, for a while. Only its hash is kept."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, choice
from kitchenasty.accounts.rules import Purpose
from kitchenasty.kit.identity.links import LinkRow


class LetterLinkRow(LinkRow):
    """What a link in a letter to a guest opens."""

    __tablename__ = "letter_links"

    customer_id: Mapped[Id] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    email: Mapped[str | None] = mapped_column(String(254))
    """The address that the account moves to; empty for the other purposes."""
