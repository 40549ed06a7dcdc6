"""The table of the library."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id
from kitchenasty.kit.tables import Record


class AssetRow(Record):
    """A picture of the library. `path` is its address; the same picture is there once."""

    __tablename__ = "media_assets"
    __table_args__ = (Index("ix_media_assets_created_at", "created_at"),)

    path: Mapped[str] = mapped_column(String(300), unique=True)
    original_name: Mapped[str] = mapped_column(String(200))
    alt: Mapped[str] = mapped_column(String(200))
    bytes: Mapped[int]
    uploaded_by_id: Mapped[Id | None] = mapped_column(
        ForeignKey("staff_members.id", ondelete="SET NULL"), index=True
    )
    uploaded_by_name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
