"""What observers saw, one log each, and where that leaves their subjects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import choice
from swarmhaul.kit.tables import DIGEST_LENGTH, KEY_LENGTH, SIGNATURE_LENGTH, Model
from swarmhaul.reputation.scores import SeenKind

ABOUT_LENGTH = 120


class ObservationRow(Model):
    """One sighting, signed by its observer; `digest` covers it and all before it in that log."""

    __tablename__ = "observations"
    __table_args__ = (
        # The same deed is seen once, however often it is told.
        UniqueConstraint("observer", "subject", "about", name="uq_observations_once"),
        Index("ix_observations_dealings", "observer", "subject", "counterparty"),
    )

    observer: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(KEY_LENGTH))
    counterparty: Mapped[str] = mapped_column(String(KEY_LENGTH))
    kind: Mapped[SeenKind] = mapped_column(choice(SeenKind))
    trust: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Of a referral: how whoever refers stood with the observer."""
    about: Mapped[str] = mapped_column(String(ABOUT_LENGTH))
    at: Mapped[datetime]
    signed_text: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(SIGNATURE_LENGTH))
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))


class LogHead(Model):
    """How far the log of an observer has come; the row that whoever writes on has to hold."""

    __tablename__ = "observation_heads"

    observer: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))


class StandingRow(Model):
    """The fold over the log so far, kept in the transaction of each line."""

    __tablename__ = "standings"
    __table_args__ = (Index("ix_standings_observer_score", "observer", "score"),)

    observer: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    subject: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    score: Mapped[int] = mapped_column(BigInteger)
    """Trillionths."""
    completed: Mapped[int]
    breached: Mapped[int]
    referrals: Mapped[int] = mapped_column(server_default="0")
    """How many strangers they referred."""
