"""Making somebody's picture safe to show: decoded, turned upright, shrunk, encoded anew.

What was hidden in the file (place, camera, comments, another file behind it) is gone afterwards.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from basis.errors import Invalid

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP")
BYTES_MAX = 8_000_000
PIXELS_MAX = 24_000_000
SIDE_MAX = 1_200
WIDE_SIDE_MAX = 2_000
"""Of pictures that are shown over the whole width of a desk's window."""
QUALITY = 82


class PictureRefused(Invalid):
    """The file is no picture that we take; the sentence says which ones we do."""


def clean_picture(content: bytes, *, side_max: int = SIDE_MAX) -> bytes:
    """The picture as WebP without metadata, no side longer than `side_max`.

    Raises PictureRefused, for what is too large before anything is decoded.
    """
    shown = decoded(content, side_max=side_max)
    cleaned = io.BytesIO()
    shown.save(cleaned, "WEBP", quality=QUALITY, exif=b"", icc_profile=None)
    return cleaned.getvalue()


def clean_icon(content: bytes, sizes: Sequence[int]) -> dict[int, bytes]:
    """The picture as squares of these sizes, PNG without metadata; what is no square gets a clear
    rim. Raises PictureRefused.
    """
    pillow = load_pillow()
    shown = decoded(content, side_max=max(sizes)).convert("RGBA")
    made = {}
    for size in sizes:
        fitted = pillow.ImageOps.contain(shown, (size, size), pillow.Image.Resampling.LANCZOS)
        square = pillow.Image.new("RGBA", (size, size))
        square.paste(fitted, ((size - fitted.width) // 2, (size - fitted.height) // 2))
        drawn = io.BytesIO()
        square.save(drawn, "PNG", optimize=True)
        made[size] = drawn.getvalue()
    return made


def decoded(content: bytes, *, side_max: int) -> Image.Image:
    """The pixels alone, upright and not too many. Raises PictureRefused."""
    if len(content) > BYTES_MAX:
        raise PictureRefused(
            f"This file is too large: at most {BYTES_MAX // 1_000_000} MB, please."
        )
    pillow = load_pillow()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pillow.Image.DecompressionBombWarning)
            image = pillow.Image.open(io.BytesIO(content), formats=FORMATS)
        check_size(image)
        upright: Image.Image = pillow.ImageOps.exif_transpose(image)
        upright.thumbnail((side_max, side_max))
        return upright.convert("RGBA" if has_transparency(upright) else "RGB")
    except (pillow.Image.DecompressionBombError, OSError, ValueError) as error:
        # What it cannot identify is an OSError to it.
        raise PictureRefused("This file is no JPEG, PNG or WebP picture.") from error


def narrowed(content: bytes, width: int) -> bytes:
    """A clean picture of ours again, so many pixels wide."""
    pillow = load_pillow()
    image = pillow.Image.open(io.BytesIO(content), formats=("WEBP",))
    height = max(1, round(image.height * width / image.width))
    copied = io.BytesIO()
    image.resize((width, height), pillow.Image.Resampling.LANCZOS, reducing_gap=2.0).save(
        copied, "WEBP", quality=QUALITY
    )
    return copied.getvalue()


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a picture of ours, in pixels."""
    width, height = load_pillow().Image.open(io.BytesIO(content), formats=("WEBP",)).size
    return width, height


def load_pillow() -> Any:
    """Loaded for the first picture: it takes 5 MB, and most servers only hand pictures out."""
    import PIL.Image  # noqa: PLC0415
    import PIL.ImageOps  # noqa: PLC0415

    return PIL


def check_size(image: Image.Image) -> None:
    """From the header alone: a small file can claim a billion pixels."""
    if image.width * image.height > PIXELS_MAX:
        raise PictureRefused(
            f"This picture has too many pixels: at most {PIXELS_MAX // 1_000_000} million, please."
        )


def has_transparency(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
