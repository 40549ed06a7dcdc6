"""The keys' table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Json
from kitchenasty.kit.tables import Record


class ApiKeyRow(Record):
    """A key: its hash, never itself. Revoked, never deleted, since histories name it.

    `house_ids` lists the houses it acts in; None stands for all of them. `last_used_at` is
    written at most every ten minutes.
    """

    __tablename__ = "api_keys"

    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shown: Mapped[str] = mapped_column(String(16))
    scopes: Mapped[Any] = mapped_column(Json)
    house_ids: Mapped[Any | None] = mapped_column(Json)
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(200))
