"""Text messages, on their way or arrived; who wants none; what was sent on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.texting.states import TextState


class TextRow(Record):
    """`facts` are ids and never secrets: whoever writes the text finds the rest by them. `body` is
    kept of what was only written down, and of nothing that went to a person.
    """

    __tablename__ = "text_messages"
    __table_args__ = (
        Index("ix_text_messages_created_at_id", "created_at", "id"),
        Index("ix_text_messages_state_created_at", "state", "created_at"),
        Index("ix_text_messages_about_id", "about_id"),
    )

    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What happened and who is told of it: nobody is told twice."""
    kind: Mapped[str] = mapped_column(String(80))
    recipient: Mapped[str] = mapped_column(String(16))
    about_id: Mapped[Id | None]
    """The order or reservation that it is about."""
    locale: Mapped[str] = mapped_column(String(16))
    facts: Mapped[Any] = mapped_column(Json)
    state: Mapped[TextState] = mapped_column(choice(TextState))
    created_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    tries: Mapped[int]
    settled_at: Mapped[datetime | None]
    carrier_ref: Mapped[str | None] = mapped_column(String(64))
    segments: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(String(1000))
    error: Mapped[str | None] = mapped_column(String(500))


class StoppedNumberRow(Model):
    """A number that wants no texts, as a sign that is made with the server's key: it is kept when
    the guest is forgotten, and tells nobody the number.
    """

    __tablename__ = "stopped_numbers"

    sign: Mapped[str] = mapped_column(String(64), primary_key=True)
    stopped_at: Mapped[datetime]


class TextDayRow(Model):
    """How many segments were handed to the carrier on a day (UTC)."""

    __tablename__ = "text_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    segments: Mapped[int]
