"""Reading the site."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import func, select

from basis.kit.data.statements import Statement
from kitchenasty import settings
from kitchenasty.content.looks import Call, Feature, Hero, Site
from kitchenasty.content.models import GalleryImageRow, LegalPageRow, SiteRow
from kitchenasty.kit.books import Look

ROW = Statement(select(SiteRow.__table__))
STAMP = Statement(
    select(select(SiteRow.version).scalar_subquery(), settings.revision().label("revision"))
)
LEGAL = Statement(
    select(LegalPageRow.slug, LegalPageRow.title).order_by(LegalPageRow.created_at, LegalPageRow.id)
)
PICTURES = Statement(
    select(func.count()).select_from(GalleryImageRow).where(GalleryImageRow.is_active == True)  # noqa: E712  # a column's own comparison
)


async def site_stamp(look: Look) -> tuple[int, str | None]:
    """Version and revision: one of them moves on with everything that pages show of the site."""
    row = await look.row(STAMP)
    assert row is not None, "a statement without a table to choose from has one row"
    return int(row[0] or 0), row[1]


async def load_site(look: Look) -> Site:
    """The site as it is now; our own words and colours where nothing was ever saved."""
    row = await look.row(ROW)
    _, revision = await site_stamp(look)
    general = await settings.load(look, settings.GENERAL)
    return replace(
        Site() if row is None else await site_of(look, row),
        revision=revision,
        contact_email=str(general["contactEmail"] or ""),
        contact_phone=str(general["contactPhone"] or ""),
    )


async def site_of(look: Look, row: Any) -> Site:
    """What was saved."""
    found = dict(zip(SiteRow.__table__.columns.keys(), row, strict=True))
    return Site(
        version=found["version"],
        name_given=found["name"],
        title_given=found["title"],
        logo=found["logo"],
        favicon=found["favicon"],
        primary_given=found["color_primary"],
        secondary_given=found["color_secondary"],
        scheme=found["scheme"],
        theme=found["theme"],
        hero=read(found["hero"], Hero) or Hero(),
        features=tuple(read(found["features"], list[Feature]) or ()),
        call=read(found["call"], Call) or Call(),
        legal=tuple((slug, title) for slug, title in await look.rows(LEGAL)),
        has_gallery=bool(await look.value(PICTURES)),
        created_at=found["created_at"],
        updated_at=found["updated_at"],
    )


def read(kept: Any, kind: Any) -> Any:
    return None if kept is None else msgspec.convert(kept, kind)
