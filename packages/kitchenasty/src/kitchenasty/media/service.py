"""Keeping pictures in the data folder. A name tells the content, so a picture never changes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from pathlib import Path

from kitchenasty.media.names import ICON_SIZES, NAME, UPLOADS, widths_below
from kitchenasty.media.pictures import SIDE_MAX, clean_icon, clean_picture, narrowed, size_of

FOLDER = "uploads"


async def keep_picture(data_dir: Path, content: bytes, *, side_max: int = SIDE_MAX) -> str:
    """Clean a picture that somebody sent and keep it; answers its path on the server.

    Decoding takes up to a second of processor time, so it runs in a thread and never inside a
    transaction. Raises PictureRefused.
    """
    return await asyncio.to_thread(clean_and_store, data_dir, content, side_max)


async def keep_ready_picture(data_dir: Path, content: bytes) -> str:
    """Keep a WebP of our own as it is; answers its path on the server."""
    return await asyncio.to_thread(store, data_dir, content)


async def keep_icon(data_dir: Path, content: bytes) -> str:
    """Clean a picture for tabs and first screens of phones and keep it in every size that they
    ask for; answers the path of the largest. Raises PictureRefused.
    """
    return await asyncio.to_thread(store_icon, data_dir, content)


def store_icon(data_dir: Path, content: bytes) -> str:
    made = clean_icon(content, ICON_SIZES)
    stem = hashlib.sha256(made[ICON_SIZES[-1]]).hexdigest()[:32]
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for size, drawn in made.items():
        put(folder / f"{stem}-icon-{size}.png", drawn)
    return f"{UPLOADS}{stem}-icon-{ICON_SIZES[-1]}.png"


def clean_and_store(data_dir: Path, content: bytes, side_max: int) -> str:
    return store(data_dir, clean_picture(content, side_max=side_max))


def store(data_dir: Path, content: bytes) -> str:
    """Keep a clean picture and its narrower copies; it comes last: where it is, they are."""
    width, height = size_of(content)
    stem = f"{hashlib.sha256(content).hexdigest()[:32]}-{width}x{height}"
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{stem}.webp"
    if not target.exists():
        for narrow in widths_below(width):
            put(folder / f"{stem}-{narrow}.webp", narrowed(content, narrow))
        put(target, content)
    return UPLOADS + target.name


def put(target: Path, content: bytes) -> None:
    """Under another name first: nobody must be served half a picture."""
    draft = target.with_name(f".{secrets.token_hex(8)}")
    draft.write_bytes(content)
    os.replace(draft, target)  # noqa: PTH105  # atomic on every file system we run on


def find_picture(data_dir: Path, name: str) -> Path | None:
    """The file of a name that we gave out; None for every other name."""
    if not NAME.fullmatch(name):
        return None
    path = data_dir / FOLDER / name
    return path if path.is_file() else None
