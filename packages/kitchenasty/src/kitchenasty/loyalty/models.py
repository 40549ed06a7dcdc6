"""The ledger of points: rows are only ever added, and a balance is their sum."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Minor, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.loyalty.rules import REASON_LENGTH_MAX, EntryKind

THE_ONE = 1


class ProgrammeRow(Model):
    """The programme of all houses: one row, or none before anybody has set it up."""

    __tablename__ = "point_programme"
    __table_args__ = (
        CheckConstraint(f"id = {THE_ONE}", name="one"),
        CheckConstraint("points_per_unit >= 0", name="points_per_unit"),
        CheckConstraint("hundred_points_minor > 0", name="worth"),
        CheckConstraint("spend_min_points > 0", name="spend_min"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_on: Mapped[bool]
    currency: Mapped[str] = mapped_column(String(3))
    points_per_unit: Mapped[int]
    hundred_points_minor: Mapped[Minor]
    spend_min_points: Mapped[int]
    updated_at: Mapped[datetime]


class PointEntryRow(Record):
    """One movement of a guest's points. `number` counts the guest's entries, so that two written
    at once can never both follow the same one; `balance` is the sum up to here.
    """

    __tablename__ = "point_entries"
    __table_args__ = (UniqueConstraint("customer_id", "number"),)

    customer_id: Mapped[Id] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind))
    points: Mapped[int] = mapped_column(BigInteger)
    balance: Mapped[int] = mapped_column(BigInteger)
    order_id: Mapped[Id | None] = mapped_column(
        ForeignKey("orders.id", ondelete="SET NULL"), index=True
    )
    order_number: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    happened_at: Mapped[datetime]


class PointCounterRow(Model):
    """How many entries a guest has. Whoever counts on holds the guest's points until the commit."""

    __tablename__ = "point_counters"

    customer_id: Mapped[Id] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    )
    last: Mapped[int]
