"""The tables that are kept, what can be pushed together, and who arrives when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id
from kitchenasty.kit.tables import Model, Record

APART = "table_stays_apart"
"""No two stays of a table overlap: on PostgreSQL by this constraint, on SQLite by the triggers of
the same name (migration 0041; docs/adr/0015-no-table-is-sold-twice.md).
"""
IS_BLOCK = "block_id IS NOT NULL"


class CombinationRow(Record):
    """Tables of a house that are pushed together for large parties."""

    __tablename__ = "table_combinations"
    __table_args__ = (
        UniqueConstraint("house_id", "name"),
        CheckConstraint("seats >= 2 AND seats_min BETWEEN 1 AND seats", name="seats"),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    seats: Mapped[int]
    seats_min: Mapped[int]
    created_at: Mapped[datetime]


class CombinedTableRow(Model):
    __tablename__ = "combined_tables"

    combination_id: Mapped[Id] = mapped_column(
        ForeignKey("table_combinations.id", ondelete="CASCADE"), primary_key=True
    )
    table_id: Mapped[Id] = mapped_column(
        ForeignKey("tables.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class BlockRow(Record):
    """Tables that are given to nobody for a while."""

    __tablename__ = "table_blocks"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="time"),)

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class StayRow(Record):
    """A table that is kept from one instant (included) to another (excluded), for one party or one
    block. A party at several tables has one row for each.
    """

    __tablename__ = "table_stays"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="time"),
        CheckConstraint("(reservation_id IS NULL) <> (block_id IS NULL)", name="one"),
        # Who asks for a day wants what is not over then: the past is never read.
        Index("ix_table_stays_table_id_ends_at", "table_id", "ends_at"),
        Index("ix_table_stays_house_id_ends_at", "house_id", "ends_at"),
        # Blocks last for months, so they are looked for by themselves.
        Index(
            "ix_table_stays_blocked",
            "house_id",
            "ends_at",
            sqlite_where=text(IS_BLOCK),
            postgresql_where=text(IS_BLOCK),
        ),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"))
    table_id: Mapped[Id] = mapped_column(ForeignKey("tables.id"))
    reservation_id: Mapped[Id | None] = mapped_column(
        ForeignKey("reservations.id", ondelete="CASCADE"), index=True
    )
    block_id: Mapped[Id | None] = mapped_column(
        ForeignKey("table_blocks.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


StayRow.__table__.append_constraint(  # type: ignore[attr-defined]
    ExcludeConstraint(
        (StayRow.__table__.c.table_id, "="),
        (func.tstzrange(StayRow.__table__.c.starts_at, StayRow.__table__.c.ends_at), "&&"),
        name=APART,
        using="gist",
    ).ddl_if(dialect="postgresql")
)


class ArrivalsRow(Model):
    """How many people arrive within one quarter of an hour."""

    __tablename__ = "reservation_arrivals"
    __table_args__ = (CheckConstraint("covers >= 0", name="covers"),)

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    quarter: Mapped[datetime] = mapped_column(primary_key=True)
    covers: Mapped[int]
