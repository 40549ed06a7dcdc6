"""Reading the site."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from kitchenasty.content.looks import Call, Feature, Hero, Site
from kitchenasty.content.models import SiteRow
from kitchenasty.kit.data.statements import Statement
from kitchenasty.kit.data.work import Look

ROW = Statement(select(SiteRow.__table__))
VERSION = Statement(select(SiteRow.version))


async def site_version(look: Look) -> int:
    """Moves on with everything that pages show of the site."""
    return int(await look.value(VERSION) or 0)


async def load_site(look: Look) -> Site:
    """The site as it is now; our own words and colours where nothing was ever saved."""
    row = await look.row(ROW)
    if row is None:
        return Site()
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
        created_at=found["created_at"],
        updated_at=found["updated_at"],
    )


def read(kept: Any, kind: Any) -> Any:
    return None if kept is None else msgspec.convert(kept, kind)
