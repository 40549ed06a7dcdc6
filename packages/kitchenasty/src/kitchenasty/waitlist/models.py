"""Who waits for a table."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, choice
from kitchenasty.kit.tables import Record
from kitchenasty.waitlist.states import WaitState

IS_OPEN = "state IN ('WAITING', 'OFFERED')"


class WaitingPartyRow(Record):
    """A party that wants a table at some time from `since_at` to `until_at`, both included. With an
    offer comes the table that is held for it: `block_id`, its time, and until when they may answer.
    A table that is ready is one from now on.
    """

    __tablename__ = "waiting_parties"
    __table_args__ = (
        CheckConstraint("party BETWEEN 1 AND 100", name="party"),
        CheckConstraint("until_at >= since_at", name="window"),
        Index(
            "ix_waiting_parties_open",
            "house_id",
            "joined_at",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_waiting_parties_house_id_day", "house_id", "day"),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"))
    customer_id: Mapped[Id | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    guest_name: Mapped[str] = mapped_column(String(120))
    guest_email: Mapped[str | None] = mapped_column(String(254))
    guest_phone: Mapped[str | None] = mapped_column(String(40))
    party: Mapped[int]
    day: Mapped[date] = mapped_column(Date, index=True)
    since_at: Mapped[datetime]
    until_at: Mapped[datetime]
    state: Mapped[WaitState] = mapped_column(choice(WaitState))
    locale: Mapped[str | None] = mapped_column(String(16))
    capability_hash: Mapped[str] = mapped_column(String(64), unique=True)
    block_id: Mapped[Id | None]
    """Not a foreign key: who lifts the block by hand takes the table, and the offer ends so."""
    offer_starts_at: Mapped[datetime | None]
    offer_ends_at: Mapped[datetime | None]
    offered_until_at: Mapped[datetime | None]
    reservation_id: Mapped[Id | None] = mapped_column(
        ForeignKey("reservations.id", ondelete="SET NULL"), index=True
    )
    joined_at: Mapped[datetime]
    updated_at: Mapped[datetime]
