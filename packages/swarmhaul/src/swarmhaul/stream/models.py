"""The stream: events that were told, numbered without gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from swarmhaul.kit.tables import Model


class MessageRow(Model):
    __tablename__ = "stream_messages"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]]
