"""Links by which calendars read the reservations of a house."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id
from kitchenasty.kit.tables import Record


class CalendarLinkRow(Record):
    """A link by which a calendar reads the reservations of a house. Ending it removes the row."""

    __tablename__ = "calendar_links"

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    capability_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shows_details: Mapped[bool]
    """Phone numbers and what guests wrote, too."""
    created_at: Mapped[datetime]
