"""The table of settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kitchenasty.kit.tables import Model


class SettingRow(Model):
    """What was saved. A switch is `on` or `off`; a secret is sealed (sealing.py)."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    is_sealed: Mapped[bool]
    updated_at: Mapped[datetime]
