"""How letters look."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kitchenasty import media
from kitchenasty.content.colours import ACCENT
from kitchenasty.content.colours import hexadecimal_of as colour
from kitchenasty.content.queries import load_site
from kitchenasty.kit.books import Look
from kitchenasty.notices import Head, Picture


async def letter_head(look: Look, data_dir: Path | None = None) -> Head:
    """Letters carry the owner's name, colours and logo too, and say where questions are answered.
    The logo needs the folder in which pictures are.
    """
    site = await load_site(look)
    picture = None
    if data_dir is not None and site.logo:
        found = await asyncio.to_thread(media.letter_picture, data_dir, site.logo)
        if found is not None:
            picture = Picture(found.content, "png", found.width, found.height)
    return Head(
        name=site.name_given or "",
        accent=site.accent,
        accent_dark=colour(ACCENT["dark"], site.tone),
        email=site.contact_email,
        phone=site.contact_phone,
        picture=picture,
    )
