"""How letters look."""

from __future__ import annotations

from kitchenasty.content.queries import load_site
from kitchenasty.kit.data.work import Look
from kitchenasty.notices import Head


async def letter_head(look: Look) -> Head:
    """Letters carry the owner's name and colour too, and say where questions are answered."""
    site = await load_site(look)
    return Head(site.name_given or "", site.accent, site.contact_email, site.contact_phone)
