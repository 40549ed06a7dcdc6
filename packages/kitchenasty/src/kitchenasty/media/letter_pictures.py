"""A picture of ours as mail programs show it: PNG, since some of them know no WebP, and small."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kitchenasty.media.names import UPLOADS
from kitchenasty.media.pictures import load_pillow
from kitchenasty.media.service import find_picture

WIDTH_MAX, HEIGHT_MAX = 240, 96
KEPT = 4


@dataclass(frozen=True, slots=True)
class LetterPicture:
    content: bytes
    width: int
    height: int


@lru_cache(KEPT)
def letter_picture(data_dir: Path, path: str) -> LetterPicture | None:
    """None if there is no such file. A name tells the content, so one that is known stays as it
    is. It is shown at half its pixels: screens of phones have two or three for one.
    """
    file = find_picture(data_dir, path.removeprefix(UPLOADS))
    if file is None:
        return None
    pillow = load_pillow()
    with pillow.Image.open(file) as kept:
        shown = kept.convert("RGBA")
    shown.thumbnail((2 * WIDTH_MAX, 2 * HEIGHT_MAX), pillow.Image.Resampling.LANCZOS)
    drawn = io.BytesIO()
    shown.save(drawn, "PNG", optimize=True)
    return LetterPicture(drawn.getvalue(), max(shown.width // 2, 1), max(shown.height // 2, 1))
