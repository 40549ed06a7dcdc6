"""What the name of a kept picture tells: its size, and the narrower copies beside it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

UPLOADS = "/uploads/"
WIDTHS = (240, 480, 800, 1_280)
"""How wide the copies are, in pixels; none is wider than its picture."""
ICON_SIZES = (32, 180, 192, 512)
"""Sides of the squares that browsers and phones ask for, in pixels; the last is the whole."""
NAME = re.compile(
    r"[0-9a-f]{32}(-\d{1,4}x\d{1,4}(-\d{1,4})?)?\.webp|[0-9a-f]{32}-icon-(32|180|192|512)\.png"
)
ICON = re.compile(r"/uploads/[0-9a-f]{32}-icon-512\.png")
SIZED = re.compile(r"(/uploads/[0-9a-f]{32}-(\d{1,4})x(\d{1,4}))\.webp")
NAMES_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a page shows it. What was kept without its size has no copies."""

    source: str
    source_set: str = ""
    width: int | None = None
    height: int | None = None


@lru_cache(NAMES_KEPT)
def picture_of(path: str) -> Picture:
    sized = SIZED.fullmatch(path)
    if sized is None:
        return Picture(path)
    stem, width, height = sized[1], int(sized[2]), int(sized[3])
    copies = [f"{stem}-{narrow}.webp {narrow}w" for narrow in widths_below(width)]
    return Picture(path, ", ".join([*copies, f"{path} {width}w"]), width, height)


def icon_of(path: str, size: int) -> str:
    """The square of this size of a kept icon."""
    return path.removesuffix("512.png") + f"{size}.png"


def widths_below(width: int) -> list[int]:
    return [narrow for narrow in WIDTHS if narrow < width]
