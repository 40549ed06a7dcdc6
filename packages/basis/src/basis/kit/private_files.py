"""Files that hold what nobody else may read, or what must not be half there after a crash."""

from __future__ import annotations

import os
from pathlib import Path

OWNER_ALONE = 0o600


def write_private(path: Path, content: bytes) -> None:
    """Readable by its owner alone; whole or not there, also when the power fails at any moment: the
    content is on the disk before the name is, and the name before this returns. What was there
    before is replaced. Raises OSError.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(beside, flags, OWNER_ALONE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
