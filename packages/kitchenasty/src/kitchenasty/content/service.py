"""Changing what the house shows of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import bindparam, update

from basis.errors import Invalid
from basis.kit.data.statements import Statement, insert_unless_there
from basis.sentences import word
from kitchenasty import audit, media
from kitchenasty.content.links import checked_link
from kitchenasty.content.looks import (
    FEATURES_MAX,
    ICONS,
    SCHEMES,
    Button,
    Call,
    Feature,
    Hero,
    Site,
)
from kitchenasty.content.models import SiteRow
from kitchenasty.content.queries import load_site
from kitchenasty.content.themes import CLASSIC, THEMES
from kitchenasty.kit.books import UnitOfWork

THE_ROW = "default"
COLOUR = re.compile(r"#[0-9a-f]{6}")
COLUMNS = {
    "name_given": "name",
    "title_given": "title",
    "logo": "logo",
    "favicon": "favicon",
    "primary_given": "color_primary",
    "secondary_given": "color_secondary",
    "scheme": "scheme",
    "theme": "theme",
    "hero": "hero",
    "features": "features",
    "call": "call",
}
"""The column of each field of a `Site` that an owner changes."""
BEGIN = insert_unless_there(SiteRow, "id", "version", "scheme", "theme", "created_at", "updated_at")
MOVE_ON = Statement(
    update(SiteRow).values(version=SiteRow.version + 1, updated_at=bindparam("now", required=True))
)
KEEP = Statement(
    update(SiteRow).values(
        {column: bindparam(f"new_{column}", required=True) for column in COLUMNS.values()}
    )
)


class SiteRefused(Invalid):
    """What was sent cannot be shown; nothing was changed."""


async def change_site(uow: UnitOfWork, changes: Mapping[str, Any]) -> Site:
    """Change these fields of the site and tell the trail what they were. None or empty goes back
    to our own words, or to the theme's colours. Raises SiteRefused, LinkRefused, PictureGone.
    """
    await move_on(uow)
    before = await load_site(uow)
    after = replace(before, **checked(changes))
    for path in sorted(set(pictures_of(after)) - set(pictures_of(before))):
        await media.hold(uow, path)
    known, wanted = columns_of(before), columns_of(after)
    changed = sorted(name for name in wanted if wanted[name] != known[name])
    if changed:
        await uow.run(KEEP, **{f"new_{name}": value for name, value in wanted.items()})
        await audit.record(
            uow,
            action="update",
            entity="SiteSettings",
            entity_id=THE_ROW,
            before={name: known[name] for name in changed},
            after={name: wanted[name] for name in changed},
        )
    return after


def pictures_of(site: Site) -> list[str]:
    return [path for path in (site.logo, site.favicon, site.hero.picture) if path]


async def move_on(uow: UnitOfWork) -> None:
    """Let every process read the site anew, from the commit on."""
    await uow.run(
        BEGIN, id=THE_ROW, version=0, scheme="system", theme=CLASSIC,
        created_at=uow.now, updated_at=uow.now,
    )  # fmt: skip
    await uow.run(MOVE_ON, now=uow.now)


def columns_of(site: Site) -> dict[str, Any]:
    return {column: kept(getattr(site, name)) for name, column in COLUMNS.items()}


def kept(value: Any) -> Any:
    """As JSON keeps it; what says nothing is kept as nothing."""
    if isinstance(value, Hero | Call):
        return None if value == type(value)() else msgspec.to_builtins(value)
    return (
        [msgspec.to_builtins(one) for one in value] or None if isinstance(value, tuple) else value
    )


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Raises SiteRefused, LinkRefused."""
    found = dict(changes)
    for name in ("name_given", "title_given"):
        if name in found:
            found[name] = (found[name] or "").strip() or None
    for name in ("primary_given", "secondary_given"):
        if found.get(name):
            found[name] = found[name].lower()
            refuse_unless(COLOUR.fullmatch(found[name]), word("A colour looks like #9c4221."))
    if "theme" in found:
        refuse_unless(found["theme"] in THEMES, word("There is no such theme."))
    if "scheme" in found:
        refuse_unless(
            found["scheme"] in SCHEMES, word("Choose light, dark, or as the device says.")
        )
    if "hero" in found:
        hero: Hero = found["hero"]
        found["hero"] = replace(hero, first=button(hero.first), second=button(hero.second))
    if "call" in found:
        found["call"] = replace(found["call"], button=button(found["call"].button))
    if "features" in found:
        found["features"] = features(found["features"])
    return found


def button(given: Button) -> Button:
    return replace(given, link=checked_link(given.link))


def features(given: tuple[Feature, ...]) -> tuple[Feature, ...]:
    """Those that say something; a sign that we do not have becomes a star."""
    told = tuple(one for one in given if one.title)
    refuse_unless(len(told) <= FEATURES_MAX, word("Six features are as many as anybody reads."))
    return tuple(one if one.icon in ICONS else replace(one, icon="star") for one in told)


def refuse_unless(fits: object, sentence: str) -> None:
    if not fits:
        raise SiteRefused(sentence)
