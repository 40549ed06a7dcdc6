"""Jobs that were listed, bids for them, the legs they became, and how far the rail was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Minor, choice
from swarmhaul.kit.tables import DIGEST_LENGTH, KEY_LENGTH, SIGNATURE_LENGTH, Model, Record
from swarmhaul.market.states import BidStatus, JobStatus, LegStatus

RAIL_ID_LENGTH = 32


class ListedJob(Record):
    """A job as its shipper signed it. What the rail says of it is repeated here, never decided."""

    __tablename__ = "listed_jobs"
    __table_args__ = (
        UniqueConstraint("shipper", "rail_id"),
        Index("ix_listed_jobs_status", "status", "id"),
    )

    shipper: Mapped[str] = mapped_column(String(KEY_LENGTH))
    rail_id: Mapped[str] = mapped_column(String(RAIL_ID_LENGTH))
    status: Mapped[JobStatus] = mapped_column(choice(JobStatus))
    signed_text: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(SIGNATURE_LENGTH))
    listed_at: Mapped[datetime]
    bids_until: Mapped[datetime]
    award_by: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When a bid came or went last; whoever writes bids holds this row."""
    accept_by: Mapped[datetime | None]
    paid: Mapped[Minor]
    refusal: Mapped[str | None] = mapped_column(String(80))


class BidRow(Record):
    """A bid as its agent signed it."""

    __tablename__ = "bids"
    __table_args__ = (Index("ix_bids_job_agent", "job_id", "agent"),)

    job_id: Mapped[Id] = mapped_column(ForeignKey("listed_jobs.id"))
    agent: Mapped[str] = mapped_column(String(KEY_LENGTH))
    status: Mapped[BidStatus] = mapped_column(choice(BidStatus))
    signed_text: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(SIGNATURE_LENGTH))
    placed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawal_text: Mapped[str | None] = mapped_column(Text)
    withdrawal_signature: Mapped[str | None] = mapped_column(String(SIGNATURE_LENGTH))


class LegRow(Model):
    """A leg of an award, and how far it has come."""

    __tablename__ = "legs"

    job_id: Mapped[Id] = mapped_column(ForeignKey("listed_jobs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bid_id: Mapped[Id] = mapped_column(ForeignKey("bids.id"))
    agent: Mapped[str] = mapped_column(String(KEY_LENGTH), index=True)
    pay: Mapped[Minor]
    duration_seconds: Mapped[int]
    status: Mapped[LegStatus] = mapped_column(choice(LegStatus))


class JobEntry(Model):
    """What the rail carried out for a job: who signed it, and what moved. A copy of a line of the
    rail's log, so that the story of one job needs not all of it.
    """

    __tablename__ = "job_entries"
    __table_args__ = (Index("ix_job_entries_command_at", "command", "at"),)

    job_id: Mapped[Id] = mapped_column(ForeignKey("listed_jobs.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    command: Mapped[str] = mapped_column(String(20))
    leg: Mapped[int | None]
    signer: Mapped[str] = mapped_column(String(KEY_LENGTH))
    moves: Mapped[dict[str, Any]]
    """What each wallet gained or, below zero, gave."""
    signature: Mapped[str] = mapped_column(String(SIGNATURE_LENGTH))
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))


class RailCursor(Model):
    """The last entry of a rail that was read. One row; whoever reads on moves it."""

    __tablename__ = "rail_cursors"

    rail: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
