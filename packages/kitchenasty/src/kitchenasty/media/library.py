"""The library: which pictures there are, who put them there, and where they are shown.

Whoever shows a picture holds its row until the commit, and so does whoever removes it: what is
shown is never removed meanwhile, and what is gone is never shown.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, delete, func, or_, select, update

from basis.errors import Conflict, NotFound
from basis.ids import new_id
from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement, insert_unless_there
from basis.kit.texts import one_line
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.principals import Kind
from kitchenasty.media.models import AssetRow
from kitchenasty.media.names import ICON_SIZES, NAME, UPLOADS, icon_of, widths_below
from kitchenasty.media.pictures import SIDE_MAX
from kitchenasty.media.service import FOLDER, keep_picture, keep_ready_picture

NAME_LENGTH_MAX = 200
WILD = re.compile(r"[\\%_]")
COLUMNS = (
    AssetRow.id,
    AssetRow.path,
    AssetRow.original_name,
    AssetRow.alt,
    AssetRow.bytes,
    AssetRow.uploaded_by_id,
    AssetRow.uploaded_by_name,
    AssetRow.created_at,
)
SHELVE = insert_unless_there(AssetRow)
BY_ID = Statement(select(*COLUMNS).where(AssetRow.id == bindparam("asset_id", required=True)))
BY_PATH = Statement(select(*COLUMNS).where(AssetRow.path == bindparam("path", required=True)))
FITS = or_(
    func.lower(AssetRow.original_name).like(bindparam("pattern", required=True), escape="\\"),
    func.lower(AssetRow.alt).like(bindparam("pattern", required=True), escape="\\"),
)
LISTED = Statement(
    select(*COLUMNS)
    .where(FITS)
    .order_by(AssetRow.created_at.desc(), AssetRow.id.desc())
    .limit(bindparam("limit", required=True))
    .offset(bindparam("offset", required=True))
)
COUNTED = Statement(select(func.count()).select_from(AssetRow).where(FITS))
DESCRIBE = Statement(
    update(AssetRow)
    .where(AssetRow.id == bindparam("asset_id", required=True))
    .values(alt=bindparam("new_alt", required=True))
)
HOLD = Statement(
    select(AssetRow.id)
    .where(AssetRow.path == bindparam("path", required=True))
    .with_for_update(read=True, key_share=True)
)
HOLD_TO_REMOVE = Statement(
    select(AssetRow.id).where(AssetRow.id == bindparam("asset_id", required=True)).with_for_update()
)
REMOVE = Statement(delete(AssetRow).where(AssetRow.id == bindparam("asset_id", required=True)))


class AssetNotFound(NotFound):
    """The library has no such picture."""


class PictureGone(Conflict):
    """Somebody has removed the picture from the library."""


class PictureInUse(Conflict):
    """The picture is shown somewhere; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture of the library. `bytes` is what its file takes."""

    id: str
    path: str
    original_name: str
    alt: str
    bytes: int
    uploaded_by_id: str | None
    uploaded_by_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """Where a picture is shown: `what` is a word for people, `name` the thing's own."""

    path: str
    what: str
    name: str


Uses = Callable[[Look, Collection[str]], Awaitable[Sequence[Use]]]
"""What a slice knows of these paths: which of its things show them."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture that was kept on the disk and is not in the books yet."""

    path: str
    name: str
    bytes: int
    file: Path


async def receive(data_dir: Path, content: bytes, name: str, *, side_max: int = SIDE_MAX) -> Upload:
    """Clean and keep what somebody sent. Raises PictureRefused."""
    path = await keep_picture(data_dir, content, side_max=side_max)
    return await received(data_dir, path, name)


async def receive_ready(data_dir: Path, content: bytes, name: str) -> Upload:
    """Keep a WebP of our own as it is."""
    return await received(data_dir, await keep_ready_picture(data_dir, content), name)


async def received(data_dir: Path, path: str, name: str) -> Upload:
    """What was kept already, such as an icon."""
    file = data_dir / FOLDER / path.removeprefix(UPLOADS)
    size = await asyncio.to_thread(lambda: file.stat().st_size)
    return Upload(path, shown_name(name), size, file)


def shown_name(name: str) -> str:
    """The file's own name without the folders that it pretends to lie in."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return one_line(last)[:NAME_LENGTH_MAX].strip() or "picture"


async def shelve(uow: UnitOfWork, upload: Upload, *, alt: str = "") -> Asset:
    """Put a kept picture into the library; one that is there already stays as it is.

    Raises PictureGone if it was there and somebody is removing it right now.
    """
    by_staff = uow.actor.kind is Kind.STAFF
    added = await uow.run(
        SHELVE,
        id=new_id(),
        path=upload.path,
        original_name=upload.name,
        alt=alt,
        bytes=upload.bytes,
        uploaded_by_id=uow.actor.id if by_staff else None,
        uploaded_by_name=uow.actor.name,
        created_at=uow.now,
    )
    await hold(uow, upload.path)
    if not upload.file.exists():
        raise PictureGone("This picture was just being removed. Please send it again.")
    row = await uow.row(BY_PATH, path=upload.path)
    assert row is not None
    asset = Asset(*row)
    if added:
        await tell(uow, "create", asset.id, None, {"path": asset.path, "name": asset.original_name})
    return asset


async def load_asset(look: Look, asset_id: str) -> Asset:
    """Raises AssetNotFound."""
    row = await look.row(BY_ID, asset_id=asset_id)
    if row is None:
        raise AssetNotFound("The library has no such picture.")
    return Asset(*row)


async def list_assets(look: Look, page: Page, *, words: str = "") -> tuple[list[Asset], int]:
    """The newest first, and how many there are; `words` stand in the name or the description."""
    pattern = "%" + WILD.sub(r"\\\g<0>", words.strip().lower()) + "%"
    rows = await look.rows(LISTED, pattern=pattern, limit=page.limit, offset=page.offset)
    return [Asset(*row) for row in rows], int(await look.value(COUNTED, pattern=pattern))


async def uses_of(look: Look, uses: Sequence[Uses], paths: Collection[str]) -> dict[str, list[Use]]:
    """Where each of these pictures is shown: one question to each slice, however many they are."""
    found: dict[str, list[Use]] = {path: [] for path in paths}
    if paths:
        for ask in uses:
            for use in await ask(look, paths):
                found[use.path].append(use)
    return found


async def describe_asset(uow: UnitOfWork, asset_id: str, alt: str) -> Asset:
    """Say what is to be seen, for those who cannot see it. Raises AssetNotFound."""
    before = await load_asset(uow, asset_id)
    if before.alt != alt:
        await uow.run(DESCRIBE, asset_id=asset_id, new_alt=alt)
        await tell(uow, "update", asset_id, {"alt": before.alt}, {"alt": alt})
    return await load_asset(uow, asset_id)


async def hold(uow: UnitOfWork, path: str | None) -> None:
    """Keep a picture in the library until this change is done: it is about to be shown.

    What was never a picture of ours is nobody's to remove and is let through. Raises PictureGone.
    """
    name = (path or "").removeprefix(UPLOADS)
    if path is None or not NAME.fullmatch(name):
        return
    if await uow.value(HOLD, path=path) is None:
        raise PictureGone("The library has no such picture any more. Please choose another one.")


async def remove_asset(
    uow: UnitOfWork, data_dir: Path, asset_id: str, uses: Sequence[Uses]
) -> Asset:
    """Take a picture that is shown nowhere out of the books, and its files from the disk.

    Raises AssetNotFound, PictureInUse.
    """
    # Whoever is choosing it right now is waited for, and seen by the question that follows.
    await uow.value(HOLD_TO_REMOVE, asset_id=asset_id)
    asset = await load_asset(uow, asset_id)
    shown = (await uses_of(uow, uses, [asset.path]))[asset.path]
    if shown:
        places = ", ".join(f"{use.what} {use.name}".strip() for use in shown)
        raise PictureInUse(
            Sentence.of("This picture is shown: {places}. Change that first.", places=places),
            uses=[{"what": use.what, "name": use.name} for use in shown],
        )
    await uow.run(REMOVE, asset_id=asset_id)
    await tell(uow, "delete", asset_id, {"path": asset.path, "name": asset.original_name}, None)
    # While the row is held: after the commit somebody may have sent the same picture again. If the
    # commit fails, the picture is shown nowhere and can be removed once more.
    unlink_all(data_dir / FOLDER, asset.path.removeprefix(UPLOADS))
    return asset


def unlink_all(folder: Path, name: str) -> None:
    """Remove the files of a picture with its copies."""
    if name.endswith("-icon-512.png"):
        for size in ICON_SIZES:
            (folder / icon_of(name, size)).unlink(missing_ok=True)
        return
    stem = name.removesuffix(".webp")
    for narrow in widths_below(10_000):
        (folder / f"{stem}-{narrow}.webp").unlink(missing_ok=True)
    (folder / name).unlink(missing_ok=True)


async def tell(
    uow: UnitOfWork,
    action: str,
    asset_id: str,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
) -> None:
    await audit.record(
        uow, action=action, entity="MediaAsset", entity_id=asset_id, before=before, after=after
    )
