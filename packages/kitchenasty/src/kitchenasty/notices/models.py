"""Letters, on their way or arrived. Their words are written when they are sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Json, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.notices.states import NoticeState

WAITING = "state = 'WAITING'"


class NoticeRow(Record):
    """`facts` are ids and never secrets: whoever writes the letter finds the rest by them."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "ix_notices_waiting",
            "try_at",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_notices_created_at_id", "created_at", "id"),
        Index("ix_notices_state_created_at", "state", "created_at"),
        Index("ix_notices_recipient_state", "recipient", "state"),
    )

    kind: Mapped[str] = mapped_column(String(80))
    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(16))
    facts: Mapped[Any] = mapped_column(Json)
    state: Mapped[NoticeState] = mapped_column(choice(NoticeState))
    created_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    try_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int]
    settled_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))


class StoppedMailRow(Model):
    """An address that wants no advertising, as a sign that is made with the server's key: it is
    kept when the guest is forgotten, and tells nobody the address.
    """

    __tablename__ = "stopped_mail"

    sign: Mapped[str] = mapped_column(String(64), primary_key=True)
    stopped_at: Mapped[datetime]
