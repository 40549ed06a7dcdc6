"""A folder as a tar that is the same, byte for byte, for the same files: sorted, without times and
owners, with two modes. Its name is its SHA-256.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath
from typing import IO, BinaryIO

from basis.errors import Invalid
from orca.contexts.ignoring import FILE_NAME, Ignored, read_patterns

BYTES_MAX = 512 << 20
"""Of a whole context, packed."""
FILES_MAX = 20_000
NAME_LENGTH_MAX = 1_000
LARGEST_TOLD = 3
FILE_MODE, PROGRAM_MODE = 0o644, 0o755
ADVICE = f"Leave it out in {FILE_NAME}, or move it elsewhere."


class ContextRefused(Invalid):
    """A folder that cannot be packed as it is; the message names what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A context, by its name, with its size."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Found:
    """Something below the context that goes into it."""

    name: str
    path: Path
    seen: os.stat_result


class Written:
    """Counts and hashes what is written."""

    def __init__(self, to: BinaryIO) -> None:
        self._to, self.size, self.hash = to, 0, hashlib.sha256()

    def write(self, part: bytes) -> int:
        self.size += len(part)
        self.hash.update(part)
        return self._to.write(part)


def pack(folder: Path, dockerfile: str, to: BinaryIO, *, without: Collection[str] = ()) -> Packed:
    """All below the folder, but what `.dockerignore` leaves out. Raises ContextRefused,
    PatternMalformed.
    """
    written = Written(to)
    try:
        found = gathered(folder, normpath(dockerfile), without)
        # All that a stream is asked for is to be written to.
        with tarfile.open(fileobj=written, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
            for each in found:
                add(tar, folder, each)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise ContextRefused(
            f"{where}{error.strerror or 'it changed while it was read'}."
        ) from error
    if written.size > BYTES_MAX:
        raise too_large(found, written.size)
    return Packed(written.hash.hexdigest(), written.size)


def gathered(folder: Path, dockerfile: str, without: Collection[str]) -> list[Found]:
    """Sorted by their names. Dockerfile and `.dockerignore` are the builder's, left out or not."""
    if not folder.is_dir():
        raise ContextRefused(f"There is no folder {folder}.")
    if not (folder / dockerfile).is_file():
        raise ContextRefused(f"There is no {dockerfile} in {folder}: `dockerfile` names it.")
    ignored, always = ignored_in(folder), {dockerfile, FILE_NAME}
    found = [
        each
        for each in walked(folder, "", ignored)
        if each.name not in without
        if each.name in always or not ignored.leaves_out(each.name)
    ]
    known = {each.name for each in found}
    found += [
        Found(name, folder / name, (folder / name).lstat())
        for name in sorted(always - known)
        if (folder / name).is_file()
    ]
    check_size(found)
    return sorted(found, key=lambda each: each.name)


def ignored_in(folder: Path) -> Ignored:
    path = folder / FILE_NAME
    if not path.is_file():
        return Ignored()
    try:
        return read_patterns(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ContextRefused(f"{path} is no text.") from None


def walked(folder: Path, above: str, ignored: Ignored) -> Iterator[Found]:
    """Whole folders are left out without looking, unless something in them may come back."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            name = f"{above}{entry.name}"
            seen = entry.stat(follow_symlinks=False)
            yield Found(name, Path(entry.path), seen)
            is_folder = stat.S_ISDIR(seen.st_mode)
            if is_folder and (ignored.has_exceptions or not ignored.leaves_out(name)):
                yield from walked(Path(entry.path), f"{name}/", ignored)


def check_size(found: list[Found]) -> None:
    """Before anything is read."""
    if len(found) > FILES_MAX:
        raise ContextRefused(
            f"There are {len(found)} files in the context, and {FILES_MAX} may be. "
            f"{most_files(found)} {ADVICE}"
        )
    size = sum(each.seen.st_size for each in found if stat.S_ISREG(each.seen.st_mode))
    if size > BYTES_MAX:
        raise too_large(found, size)


def too_large(found: list[Found], size: int) -> ContextRefused:
    largest = sorted(found, key=lambda each: -each.seen.st_size)[:LARGEST_TOLD]
    named = ", ".join(f"{each.name} ({in_words(each.seen.st_size)})" for each in largest)
    return ContextRefused(
        f"The context has {in_words(size)}, and {in_words(BYTES_MAX)} may be. "
        f"The largest are {named}. {ADVICE}"
    )


def most_files(found: list[Found]) -> str:
    counts: dict[str, int] = {}
    for each in found:
        top = each.name.partition("/")[0]
        counts[top] = counts.get(top, 0) + 1
    name = max(counts, key=lambda top: counts[top])
    return f"Most are in {name} ({counts[name]})."


def in_words(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB"


def add(tar: tarfile.TarFile, folder: Path, found: Found) -> None:
    """By what it was when it was found: a name that became something else meanwhile is refused."""
    mode, header = found.seen.st_mode, tarfile.TarInfo(checked(found.name))
    if stat.S_ISDIR(mode):
        header.type, header.mode = tarfile.DIRTYPE, PROGRAM_MODE
        tar.addfile(header)
    elif stat.S_ISLNK(mode):
        header.type, header.mode = tarfile.SYMTYPE, 0o777
        header.linkname = inside(folder, found)
        tar.addfile(header)
    elif stat.S_ISREG(mode):
        header.size = found.seen.st_size
        header.mode = PROGRAM_MODE if mode & stat.S_IXUSR else FILE_MODE
        with opened(found) as file:
            tar.addfile(header, file)
    else:
        raise ContextRefused(f"{found.name} is neither a file nor a folder nor a link. {ADVICE}")


def opened(found: Found) -> IO[bytes]:
    descriptor = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    return os.fdopen(descriptor, "rb")


def checked(name: str) -> str:
    """Names are text, so that a tar of them is read alike everywhere."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raise ContextRefused(f"{name!r} is no name in UTF-8. {ADVICE}") from None
    if len(name) > NAME_LENGTH_MAX:
        raise ContextRefused(f"{name[:100]}… has a name that is too long. {ADVICE}")
    return name


def inside(folder: Path, found: Found) -> str:
    """Where a link leads, as long as that is below the context."""
    target = str(found.path.readlink())
    reached = normpath(f"{found.name}/../{target}")
    is_out = target.startswith("/") or reached.startswith("../") or reached == ".."
    if is_out or not found.path.resolve().is_relative_to(folder.resolve()):
        raise ContextRefused(f"{found.name} is a link that leads out, to {target}. {ADVICE}")
    return target
