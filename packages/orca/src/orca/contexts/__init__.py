"""What images are built from: a folder as one file that is the same for the same files, checked by
whoever takes it, and kept under the name that it earns.
"""

from orca.contexts.ignoring import Ignored, PatternMalformed, read_patterns
from orca.contexts.looking import ImageRefused, check_context, check_image
from orca.contexts.packing import (
    BYTES_MAX,
    FILES_MAX,
    ContextRefused,
    Packed,
    pack,
)
from orca.contexts.shelf import (
    NotKept,
    Shelf,
    ShelfFull,
    TooLarge,
    UploadRefused,
    digest_of,
    is_name,
    parts_of,
)

__all__ = [
    "BYTES_MAX", "FILES_MAX", "ContextRefused", "Ignored", "ImageRefused", "NotKept", "Packed",
    "PatternMalformed", "Shelf", "ShelfFull", "TooLarge", "UploadRefused", "check_context",
    "check_image", "digest_of", "is_name", "pack", "parts_of", "read_patterns",
]  # fmt: skip
