"""The tables of what the house shows of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, choice
from kitchenasty.content.categories import GalleryCategory
from kitchenasty.kit.tables import Model, Record


class SiteRow(Model):
    """The one row of the site. `version` moves on with everything that pages show of it; what is
    empty has the product's own words, or its theme's colours.
    """

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str | None] = mapped_column(String(120))
    logo: Mapped[str | None] = mapped_column(String(300))
    favicon: Mapped[str | None] = mapped_column(String(300))
    color_primary: Mapped[str | None] = mapped_column(String(7))
    color_secondary: Mapped[str | None] = mapped_column(String(7))
    scheme: Mapped[str] = mapped_column(String(8))
    theme: Mapped[str] = mapped_column(String(16))
    hero: Mapped[Any | None] = mapped_column(Json)
    features: Mapped[Any | None] = mapped_column(Json)
    call: Mapped[Any | None] = mapped_column(Json)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class GalleryImageRow(Record):
    """A picture of the gallery. `url` is a path on this server."""

    __tablename__ = "gallery_images"
    __table_args__ = (Index("ix_gallery_images_category_sort_order", "category", "sort_order"),)

    url: Mapped[str] = mapped_column(String(300))
    alt: Mapped[str] = mapped_column(String(200))
    category: Mapped[GalleryCategory] = mapped_column(choice(GalleryCategory))
    sort_order: Mapped[int]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class LegalPageRow(Record):
    """A page of law as it is shown now: the words of its newest version, in Markdown."""

    __tablename__ = "legal_pages"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    content: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class LegalVersionRow(Model):
    """What a page of law said, and from when on. Rows are only ever added."""

    __tablename__ = "legal_versions"

    page_id: Mapped[Id] = mapped_column(ForeignKey("legal_pages.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    content: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
