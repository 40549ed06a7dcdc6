"""The escrow on the chain: its source in C, how it is built, and the image that was built of it."""

import hashlib
from functools import cache
from pathlib import Path

from swarmhaul.program.build import CompilerMissing, build_program

IMAGE = Path(__file__).parent / "swarmhaul.so"
IMAGE_SHA256 = Path(__file__).parent / "swarmhaul.so.sha256"


class ImageChanged(Exception):  # a refusal, as all our errors
    """The image is not the one whose hash was looked at."""


@cache
def load_program() -> bytes:
    """The image as it was committed. Raises ImageChanged."""
    image = IMAGE.read_bytes()
    if hashlib.sha256(image).hexdigest() != IMAGE_SHA256.read_text().split()[0]:
        raise ImageChanged("Build the program again: swarmhaul build-program --write")
    return image


__all__ = [
    "IMAGE", "IMAGE_SHA256", "CompilerMissing", "ImageChanged", "build_program", "load_program",
]  # fmt: skip
