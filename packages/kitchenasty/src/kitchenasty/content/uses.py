"""Where the site shows pictures of the library."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from basis.kit.data.statements import Statement, one_of
from basis.sentences import word
from kitchenasty import media
from kitchenasty.content.models import GalleryImageRow
from kitchenasty.content.queries import load_site
from kitchenasty.kit.books import Look

HUNG = Statement(
    select(GalleryImageRow.url, GalleryImageRow.alt).where(one_of(GalleryImageRow.url, "paths"))
)


async def picture_uses(look: Look, paths: Collection[str]) -> list[media.Use]:
    """The logo, the sign, the picture behind the front's head, and the gallery."""
    site = await load_site(look)
    known = (
        (site.logo, word("Logo")),
        (site.favicon, word("Sign for tabs and first screens")),
        (site.hero.picture, word("Front page")),
    )
    found = [media.Use(path, what, "") for path, what in known if path and path in paths]
    hung = await look.rows(HUNG, paths=list(paths))
    return found + [media.Use(path, word("Gallery"), alt) for path, alt in hung]
