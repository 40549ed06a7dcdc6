"""The tables: printers, and what they are to print."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, choice
from kitchenasty.kit.tables import Record
from kitchenasty.printing.states import PrintoutState, Trouble

WAITING = "state = 'WAITING'"


class PrinterRow(Record):
    """A docket printer of a house, reached by its address in the network."""

    __tablename__ = "printers"

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(255))
    port: Mapped[int]
    width: Mapped[int]
    answers: Mapped[bool]
    """Whether it says that it has printed; some cheap ones say nothing at all."""
    is_on: Mapped[bool]
    trouble: Mapped[Trouble | None] = mapped_column(choice(Trouble))
    trouble_since: Mapped[datetime | None]
    printed_at: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]


class PrintoutRow(Record):
    """A docket for one printer: once for each `key`, whatever is killed when."""

    __tablename__ = "printouts"
    __table_args__ = (
        Index("ix_printouts_printer_id_key", "printer_id", "key", unique=True),
        Index(
            "ix_printouts_waiting",
            "printer_id",
            "try_at",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_printouts_created_at", "created_at"),
        Index("ix_printouts_about_id", "about_id"),
    )

    printer_id: Mapped[Id] = mapped_column(ForeignKey("printers.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(120))
    about_id: Mapped[Id | None]
    """The order or reservation by which it is found when its guest is forgotten."""
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[PrintoutState] = mapped_column(choice(PrintoutState))
    is_doubtful: Mapped[bool]
    """Some of it may lie on paper already: the next one says REPRINT."""
    tries: Mapped[int]
    try_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
