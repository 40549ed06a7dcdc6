"""Files under the names that they earn: streamed to the disk, looked at, and only then there, whole
or not at all.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path

from basis.errors import Invalid, NotFound, Unavailable

NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)
COMING = "coming-"
IDLE_SECONDS_MAX = 60.0
"""Whoever sends nothing for so long sends nothing any more."""
PART_BYTES = 1 << 18
RESERVE_BYTES = 1 << 30
"""Stays free on the disk whatever comes: what decides has its store there, and needs little."""

Check = Callable[[Path, str], None]
"""Of a file that has come, and its SHA-256. Raises what is wrong with it."""


class NotKept(NotFound):
    """Nothing is kept under that name."""


class TooLarge(Invalid):
    """More than may be sent at once."""


class UploadRefused(Invalid):
    """What came is not what was announced, or did not come to its end."""


class ShelfFull(Unavailable):
    """The disk takes nothing more."""


class Shelf:
    """A folder of such files."""

    def __init__(
        self,
        folder: Path,
        *,
        bytes_max: int,
        idle_seconds: float = IDLE_SECONDS_MAX,
        reserve_bytes: int = RESERVE_BYTES,
    ) -> None:
        self._folder, self._bytes_max, self._idle = folder, bytes_max, idle_seconds
        self._reserve = reserve_bytes
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def has(self, name: str) -> bool:
        return is_name(name) and (self._folder / name).is_file()

    def path_of(self, name: str) -> Path:
        """Raises NotKept."""
        if not self.has(name):
            raise NotKept(f"There is nothing of the name {name[:80]!r} here.")
        return self._folder / name

    def touch(self, name: str) -> None:
        """It was asked for: that it is not in use yet does not make it old."""
        os.utime(self.path_of(name))

    def drop(self, name: str) -> None:
        if self.has(name):
            self.path_of(name).unlink()

    async def put(self, name: str, parts: AsyncIterator[bytes], check: Check) -> None:
        """Raises NotKept, TooLarge, UploadRefused, ShelfFull, and what the check raises."""
        if not is_name(name):
            raise NotKept("Only what is named by its SHA-256 is kept, in 64 small figures.")
        descriptor, coming = tempfile.mkstemp(prefix=COMING, dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest = await self._write(file.write, parts)
                file.flush()
                await asyncio.to_thread(os.fsync, descriptor)
            await asyncio.to_thread(check, Path(coming), digest)
            os.replace(coming, self._folder / name)  # noqa: PTH105 - not pathlib in a coroutine
        except OSError as error:
            raise ShelfFull(f"It cannot be kept: {error.strerror}.") from error
        finally:
            forget(coming)

    async def _write(self, write: Callable[[bytes], int], parts: AsyncIterator[bytes]) -> str:
        hashed, size = hashlib.sha256(), 0
        while True:
            try:
                async with asyncio.timeout(self._idle):
                    part = await anext(parts, None)
            except TimeoutError:
                raise UploadRefused("Nothing came any more. Send it again.") from None
            if part is None:
                return hashed.hexdigest()
            size += len(part)
            if size > self._bytes_max:
                raise TooLarge(f"At most {self._bytes_max >> 20} MiB are taken.")
            if shutil.disk_usage(self._folder).free - len(part) < self._reserve:
                raise ShelfFull(f"The disk of the control plane is full: {self._folder}.")
            hashed.update(part)
            write(part)

    def sweep(self, keep: Collection[str], *, older_than_seconds: float) -> list[str]:
        """Takes away what nobody uses and nobody asked for lately, also what never came whole. The
        names of what is gone.
        """
        gone: list[str] = []
        for path in sorted(self._folder.iterdir()):
            age = time.time() - path.stat().st_mtime
            if path.name not in keep and age >= older_than_seconds:
                path.unlink(missing_ok=True)
                gone.append(path.name)
        return gone


def forget(coming: str) -> None:
    Path(coming).unlink(missing_ok=True)


def is_name(text: str) -> bool:
    return NAME.fullmatch(text) is not None


def digest_of(name: str) -> Check:
    """The check that a file is what its name says."""

    def check(_path: Path, digest: str) -> None:
        if digest != name:
            raise UploadRefused("What came is not what its name says. Send it again.")

    return check


async def parts_of(path: Path) -> AsyncIterator[bytes]:
    """The file, piece by piece."""
    with path.open("rb") as file:
        while part := await asyncio.to_thread(file.read, PART_BYTES):
            yield part
