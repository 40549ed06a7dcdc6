"""The gallery: pictures of the house in an order that its people choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, update

from basis.errors import Invalid, NotFound
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from kitchenasty import audit, media
from kitchenasty.content.categories import GalleryCategory
from kitchenasty.content.models import GalleryImageRow
from kitchenasty.content.service import move_on
from kitchenasty.kit.books import Look, UnitOfWork

IMAGES_MAX = 500
"""More than anybody looks through; it keeps the page of all of them bounded."""
FIELDS = ("url", "alt", "category", "sort_order", "is_active")
COLUMNS = (
    GalleryImageRow.id,
    *(getattr(GalleryImageRow, name) for name in FIELDS),
    GalleryImageRow.created_at,
    GalleryImageRow.updated_at,
)
LISTED = Statement(
    select(*COLUMNS)
    .where(
        or_(GalleryImageRow.is_active == True, bindparam("all", required=True) == 1)  # noqa: E712
    )
    .order_by(GalleryImageRow.sort_order, GalleryImageRow.created_at, GalleryImageRow.id)
    .limit(IMAGES_MAX)
)
BY_ID = Statement(
    select(*COLUMNS).where(GalleryImageRow.id == bindparam("image_id", required=True))
)
COUNTED = Statement(select(func.count()).select_from(GalleryImageRow))
ADD = insert_into(GalleryImageRow)
CHANGE = Statement(
    update(GalleryImageRow)
    .where(GalleryImageRow.id == bindparam("image_id", required=True))
    .values(
        {name: bindparam(f"new_{name}", required=True) for name in FIELDS}
        | {"updated_at": bindparam("now", required=True)}
    )
)
REMOVE = Statement(
    delete(GalleryImageRow).where(GalleryImageRow.id == bindparam("image_id", required=True))
)


class GalleryImageNotFound(NotFound):
    """The gallery has no such picture."""


class GalleryRefused(Invalid):
    """The gallery cannot show this; nothing was changed."""


@dataclass(frozen=True, slots=True)
class GalleryImage:
    id: str
    url: str
    alt: str
    category: GalleryCategory
    sort_order: int
    is_active: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDraft:
    """A picture of this server, and what is to be seen on it."""

    url: str
    alt: str
    category: GalleryCategory = GalleryCategory.FOOD
    sort_order: int = 0
    is_active: bool = True


async def list_gallery(
    look: Look, category: GalleryCategory | None = None, *, also_hidden: bool = False
) -> list[GalleryImage]:
    """In their order; hidden ones for the office only."""
    rows = await look.rows(LISTED, all=1 if also_hidden else 0)
    images = (GalleryImage(*row) for row in rows)
    return [one for one in images if category in (None, one.category)]


async def load_image(look: Look, image_id: str) -> GalleryImage:
    """Raises GalleryImageNotFound."""
    row = await look.row(BY_ID, image_id=image_id)
    if row is None:
        raise GalleryImageNotFound("The gallery has no such picture.")
    return GalleryImage(*row)


async def add_image(uow: UnitOfWork, draft: ImageDraft) -> GalleryImage:
    """Raises GalleryRefused, PictureGone."""
    await move_on(uow)
    check(draft)
    if int(await uow.value(COUNTED)) >= IMAGES_MAX:
        raise GalleryRefused("The gallery is full. Please remove a picture first.")
    await media.hold(uow, draft.url)
    image_id = new_id()
    await uow.run(ADD, id=image_id, **asdict(draft), created_at=uow.now, updated_at=uow.now)
    await tell(uow, "create", image_id, None, asdict(draft))
    return await load_image(uow, image_id)


async def change_image(uow: UnitOfWork, image_id: str, changes: Mapping[str, Any]) -> GalleryImage:
    """Raises GalleryImageNotFound, GalleryRefused, PictureGone."""
    await move_on(uow)
    image = await load_image(uow, image_id)
    before = ImageDraft(**{name: getattr(image, name) for name in FIELDS})
    after = replace(before, **changes)
    check(after)
    if after.url != before.url:
        await media.hold(uow, after.url)
    values = {f"new_{name}": value for name, value in asdict(after).items()}
    await uow.run(CHANGE, image_id=image_id, now=uow.now, **values)
    await tell(uow, "update", image_id, asdict(before), asdict(after))
    return await load_image(uow, image_id)


async def remove_image(uow: UnitOfWork, image_id: str) -> None:
    """Take a picture out of the gallery; the library keeps it. Raises GalleryImageNotFound."""
    await move_on(uow)
    image = await load_image(uow, image_id)
    await uow.run(REMOVE, image_id=image_id)
    await tell(uow, "delete", image_id, {"url": image.url, "alt": image.alt}, None)


def check(draft: ImageDraft) -> None:
    if not draft.alt.strip():
        raise GalleryRefused("Please say in a few words what is to be seen.")


async def tell(
    uow: UnitOfWork,
    action: str,
    image_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    await audit.record(
        uow, action=action, entity="GalleryImage", entity_id=image_id, before=before, after=after
    )
