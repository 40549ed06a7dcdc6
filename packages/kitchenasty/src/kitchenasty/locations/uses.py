"""Where houses show pictures of the library."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from basis.kit.data.statements import Statement, one_of
from basis.sentences import word
from kitchenasty import media
from kitchenasty.kit.books import Look
from kitchenasty.locations.models import HouseRow

OF_HOUSES = Statement(select(HouseRow.image, HouseRow.name).where(one_of(HouseRow.image, "paths")))


async def picture_uses(look: Look, paths: Collection[str]) -> list[media.Use]:
    """Houses, closed ones too."""
    found = await look.rows(OF_HOUSES, paths=list(paths))
    return [media.Use(path, word("House"), name) for path, name in found]
