"""Sessions, and what was spent in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Minor
from swarmhaul.kit.tables import DIGEST_LENGTH, KEY_LENGTH, SIGNATURE_LENGTH, Model, Record

CHALLENGE_LENGTH = 43
PLACE_LENGTH = 32


class AgentSession(Record):
    """Asked for, and bound once its key signed the challenge. `asked_by` is no address, only always
    the same for the same one; `seat` makes the number of sessions of one address the database's.
    """

    __tablename__ = "agent_sessions"
    __table_args__ = (
        UniqueConstraint("asked_by", "seat"),
        Index("ix_agent_sessions_expires_at", "expires_at"),
    )

    asked_by: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    seat: Mapped[int]
    challenge: Mapped[str] = mapped_column(String(CHALLENGE_LENGTH))
    asked_at: Mapped[datetime]
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """Until then it can be bound; once it is, until then it can be used."""
    key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    once_max: Mapped[Minor]
    total_max: Mapped[Minor]
    bid_max: Mapped[Minor]
    spent: Mapped[Minor]
    signed_text: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[str | None] = mapped_column(String(SIGNATURE_LENGTH))


class SpendingRow(Model):
    """What was signed and is counted, by the digest of its bytes: the same once, however often it
    is sent.
    """

    __tablename__ = "session_spendings"

    session_id: Mapped[Id] = mapped_column(
        ForeignKey("agent_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), primary_key=True)
    amount: Mapped[Minor]
    at: Mapped[datetime]
