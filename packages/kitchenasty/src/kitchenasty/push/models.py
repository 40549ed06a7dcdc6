"""Which phones are told about what, and the key by which their services know us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.push.states import About, Way

ENDPOINT_LENGTH_MAX = 1_000


class FollowerRow(Record):
    """One phone that is told about one thing. Where somebody follows because they are signed in,
    the row ends with their session: whoever signs out, or whose rights change, is told no more.
    """

    __tablename__ = "push_followers"
    __table_args__ = (
        UniqueConstraint("endpoint", "about", "about_id"),
        Index("ix_push_followers_about_about_id", "about", "about_id"),
        Index("ix_push_followers_created_at", "created_at"),
    )

    way: Mapped[Way] = mapped_column(choice(Way))
    endpoint: Mapped[str] = mapped_column(String(ENDPOINT_LENGTH_MAX))
    """Where the push service takes messages for this phone. Whoever knows it may end following."""
    public_key: Mapped[str | None] = mapped_column(String(100))
    auth_secret: Mapped[str | None] = mapped_column(String(40))
    about: Mapped[About] = mapped_column(choice(About))
    about_id: Mapped[Id]
    session_id: Mapped[Id | None] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), index=True
    )
    locale: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class PushKeyRow(Model):
    """The key pair of this server (RFC 8292); the private part is sealed like every secret."""

    __tablename__ = "push_keys"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(100))
    sealed: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
