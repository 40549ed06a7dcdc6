"""Words of letters and texts as owners wrote them; rows are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kitchenasty.kit.tables import Record


class WordingRow(Record):
    """What letters of one kind say in one language from `written_at` on. The highest number counts;
    one without a body says that the usual words count again.
    """

    __tablename__ = "wordings"
    __table_args__ = (UniqueConstraint("pattern", "locale", "number"),)

    pattern: Mapped[str] = mapped_column(String(80))
    locale: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    subject: Mapped[str | None] = mapped_column(String(300))
    body: Mapped[str | None] = mapped_column(String(4000))
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(120))
