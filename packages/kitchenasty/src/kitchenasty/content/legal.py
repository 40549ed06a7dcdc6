"""Pages of law: written in Markdown, every version kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from basis.errors import Invalid, NotFound
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.sentences import word
from kitchenasty import audit
from kitchenasty.content.models import LegalPageRow, LegalVersionRow
from kitchenasty.content.service import move_on
from kitchenasty.kit.books import Look, UnitOfWork

CONTENT_LENGTH_MAX = 60_000
VERSIONS_SHOWN = 100
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
USUAL = (
    ("privacy-policy", word("Privacy policy")),
    ("impressum", word("Imprint")),
    ("terms", word("Terms and conditions")),
)
COLUMNS = (
    LegalPageRow.id,
    LegalPageRow.slug,
    LegalPageRow.title,
    LegalPageRow.content,
    LegalPageRow.version,
    LegalPageRow.created_at,
    LegalPageRow.updated_at,
)
ALL = Statement(select(*COLUMNS).order_by(LegalPageRow.created_at, LegalPageRow.id))
BY_SLUG = Statement(select(*COLUMNS).where(LegalPageRow.slug == bindparam("slug", required=True)))
BEGIN = insert_into(LegalPageRow)
WRITE = Statement(
    update(LegalPageRow)
    .where(LegalPageRow.slug == bindparam("of_slug", required=True))
    .values(
        title=bindparam("new_title", required=True),
        content=bindparam("new_content", required=True),
        version=LegalPageRow.version + 1,
        updated_at=bindparam("now", required=True),
    )
)
KEEP = insert_into(LegalVersionRow)
VERSIONS = Statement(
    select(
        LegalVersionRow.version,
        LegalVersionRow.title,
        LegalVersionRow.content,
        LegalVersionRow.written_by,
        LegalVersionRow.created_at,
    )
    .where(LegalVersionRow.page_id == bindparam("page_id", required=True))
    .order_by(LegalVersionRow.version.desc())
    .limit(VERSIONS_SHOWN)
)


class LegalPageNotFound(NotFound):
    """There is no page of law of this name."""


class LegalPageRefused(Invalid):
    """What was written cannot become a page; nothing was changed."""


@dataclass(frozen=True, slots=True)
class LegalPage:
    id: str
    slug: str
    title: str
    content: str
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LegalVersion:
    """What a page said from `created_at` on."""

    version: int
    title: str
    content: str
    written_by: str
    created_at: datetime


async def list_legal_pages(look: Look) -> list[LegalPage]:
    return [LegalPage(*row) for row in await look.rows(ALL)]


async def load_legal_page(look: Look, slug: str) -> LegalPage:
    """Raises LegalPageNotFound."""
    row = await look.row(BY_SLUG, slug=slug)
    if row is None:
        raise LegalPageNotFound("There is no such page.")
    return LegalPage(*row)


async def list_versions(look: Look, page_id: str) -> list[LegalVersion]:
    """The newest first."""
    return [LegalVersion(*row) for row in await look.rows(VERSIONS, page_id=page_id)]


async def write_legal_page(uow: UnitOfWork, slug: str, *, title: str, content: str) -> LegalPage:
    """Begin the page or write its next version; the same words again are no version. Raises
    LegalPageRefused.
    """
    title, content = title.strip(), content.strip()
    refuse_unless(
        SLUG.fullmatch(slug) and len(slug) <= 60, word("An address is made of a-z, 0-9 and -.")
    )
    refuse_unless(title and content, word("Please write a title and a text."))
    refuse_unless(len(content) <= CONTENT_LENGTH_MAX, word("This text is too long."))
    # Everybody who writes waits here for who wrote first, so no two make the same version.
    await move_on(uow)
    row = await uow.row(BY_SLUG, slug=slug)
    before = LegalPage(*row) if row else None
    if before and (before.title, before.content) == (title, content):
        return before
    if before is None:
        await uow.run(
            BEGIN, id=new_id(), slug=slug, title=title, content=content, version=1,
            created_at=uow.now, updated_at=uow.now,
        )  # fmt: skip
    else:
        await uow.run(WRITE, of_slug=slug, new_title=title, new_content=content, now=uow.now)
    after = await load_legal_page(uow, slug)
    await uow.run(
        KEEP, page_id=after.id, version=after.version, title=title, content=content,
        written_by=uow.actor.name, created_at=uow.now,
    )  # fmt: skip
    await audit.record(
        uow,
        action="update" if before else "create",
        entity="LegalPage",
        entity_id=after.id,
        before={"title": before.title, "version": before.version} if before else None,
        after={"title": title, "version": after.version, "slug": slug},
    )
    return after


async def restore_version(uow: UnitOfWork, slug: str, version: int) -> LegalPage:
    """Say again what a page said, as its newest version. Raises LegalPageNotFound."""
    page = await load_legal_page(uow, slug)
    for one in await list_versions(uow, page.id):
        if one.version == version:
            return await write_legal_page(uow, slug, title=one.title, content=one.content)
    raise LegalPageNotFound("This version is not kept.")


def refuse_unless(fits: object, sentence: str) -> None:
    if not fits:
        raise LegalPageRefused(sentence)
