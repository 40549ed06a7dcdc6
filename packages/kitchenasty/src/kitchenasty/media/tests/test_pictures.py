"""Pictures: what is refused, what is left of one, how it is served."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib

import httpx
import pytest
from PIL import Image

from kitchenasty import media
from kitchenasty.kit.config import Config
from kitchenasty.media.pictures import BYTES_MAX, SIDE_MAX, clean_picture


def photograph(side: int = 40, kind: str = "JPEG") -> bytes:
    """A picture that knows where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "taken at the chef's own kitchen"
    kept = io.BytesIO()
    Image.new("RGB", (side, side // 2), "tomato").save(kept, kind, exif=exif)
    return kept.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes whose header announces a picture of that size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_anew_and_forgets_where_it_was_taken(kind: str) -> None:
    cleaned = clean_picture(photograph(kind=kind))
    shown = Image.open(io.BytesIO(cleaned))
    assert (shown.format, shown.size) == ("WEBP", (40, 20))
    assert b"kitchen" not in cleaned
    assert not shown.getexif()


def test_large_pictures_are_shrunk() -> None:
    shown = Image.open(io.BytesIO(clean_picture(photograph(side=2_000))))
    assert shown.size == (SIDE_MAX, SIDE_MAX // 2)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"GIF89a" + bytes(40), photograph()[:80], bytes(BYTES_MAX + 1)],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(media.PictureRefused):
        clean_picture(content)


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 9_000)])
def test_a_small_file_that_claims_many_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(media.PictureRefused):
        clean_picture(png_that_claims(*size))


async def test_kept_pictures_are_served_without_trust(
    client: httpx.AsyncClient, config: Config
) -> None:
    path = await media.keep_picture(config.data_dir, photograph())
    assert path == await media.keep_picture(config.data_dir, photograph()), "named by its content"
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "immutable" in answer.headers["cache-control"]


async def test_a_picture_may_be_shown_by_other_sites(
    client: httpx.AsyncClient, config: Config
) -> None:
    path = await media.keep_picture(config.data_dir, photograph())
    headers = (await client.get(path)).headers
    assert headers.get("cross-origin-resource-policy", "cross-origin") == "cross-origin"


@pytest.mark.parametrize("name", ["..%2Fhouse.db", ".webp", "0" * 32 + ".webp", "a.svg"])
async def test_only_names_that_we_gave_out_are_served(
    client: httpx.AsyncClient, config: Config, name: str
) -> None:
    await asyncio.to_thread((config.data_dir / "uploads").mkdir, exist_ok=True)
    assert (await client.get(f"/uploads/{name}")).status_code == 404


async def test_a_picture_is_kept_in_several_widths(
    client: httpx.AsyncClient, config: Config
) -> None:
    path = await media.keep_picture(config.data_dir, photograph(side=600))
    shown = media.picture_of(path)
    assert (shown.width, shown.height) == (600, 300)
    widths = {}
    for copy in shown.source_set.split(", "):
        address, _, width = copy.partition(" ")
        answer = await client.get(address)
        widths[width] = Image.open(io.BytesIO(answer.content)).size
    assert widths == {"240w": (240, 120), "480w": (480, 240), "600w": (600, 300)}


def test_a_picture_kept_before_there_were_copies_is_shown_as_it_is() -> None:
    path = f"/uploads/{'0' * 32}.webp"
    assert media.picture_of(path) == media.Picture(path)
