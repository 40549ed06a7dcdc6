"""Tars of others, looked at before anybody unpacks them: nothing in them leads out, nothing is
larger than it may be, and what is said of them is so.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from posixpath import normpath
from typing import IO, Any

from basis.errors import Invalid
from orca.contexts.packing import BYTES_MAX, FILES_MAX, NAME_LENGTH_MAX, ContextRefused

HEADER_BYTES_MAX = 65_536
"""Of what a tar says of one file: names of any length come as such."""
CONFIG_BYTES_MAX = 4 << 20
MEMBERS_MAX = 10_000
"""Of a saved image."""
LAYER = "layer.tar"
SAVED = re.compile(
    r"manifest\.json|index\.json|oci-layout|[0-9a-f]{64}\.json"
    r"|[0-9a-f]{64}(/(VERSION|json|layer\.tar))?|blobs(/sha256(/[0-9a-f]{64})?)?",
    re.ASCII,
)
"""All names that engines give. Others read tars, lists and letters otherwise than we do."""
LISTED = {"Config", "RepoTags", "Layers", "LayerSources"}
HEADERS = {"mtime", "atime", "ctime", "size"}


class ImageRefused(Invalid):
    """A saved image that is not the one it is said to be, or more than that."""


class Careful(io.BufferedReader):
    """A file of which nobody reads much at once: headers of a tar have any length they like."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= HEADER_BYTES_MAX:
            raise tarfile.ReadError("a header that is too long")
        return super().read(size)


def check_context(path: Path) -> None:
    """Raises ContextRefused."""
    size = 0
    try:
        for count, member in enumerate(members_of(path), 1):
            if count > FILES_MAX:
                raise ContextRefused(f"A context has {FILES_MAX} files at most.")
            check_member(member)
            size += member.size
            if size > BYTES_MAX:
                raise ContextRefused("The context is larger than it may be.")
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise ContextRefused(f"This is no context: {error}.") from error


def members_of(path: Path) -> Iterator[tarfile.TarInfo]:
    """Never of something compressed: what is small must not become large."""
    with closing(Careful(io.FileIO(path))) as file, tarfile.open(fileobj=file, mode="r:") as tar:
        while member := tar.next():
            check_headers(tar)
            yield member
            tar.members = []  # type: ignore[attr-defined]  # or all of them stay in memory
        check_headers(tar)


def check_headers(tar: tarfile.TarFile) -> None:
    """What is said of all that follows counts here, and does not where an engine unpacks it."""
    if tar.pax_headers:
        raise tarfile.ReadError("a header for all that follows")


def check_member(member: tarfile.TarInfo) -> None:
    name = member.name
    if not is_inside(name) or len(name) > NAME_LENGTH_MAX:
        raise ContextRefused(f"{name[:200]!r} leads out of the context.")
    if member.issym():
        if member.linkname.startswith("/") or not is_inside(f"{name}/../{member.linkname}"):
            raise ContextRefused(f"{name!r} is a link that leads out.")
    elif member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE):
        raise ContextRefused(f"{name!r} is neither a file nor a folder nor a link.")
    if member.issparse() or member.size < 0:
        raise ContextRefused(f"{name!r} is larger than what there is of it.")


def is_inside(name: str) -> bool:
    straight = normpath(name)
    is_up = straight == ".." or straight.startswith("../")
    return bool(name) and not name.startswith("/") and not is_up and "\0" not in name


def check_image(path: Path, digest: str) -> None:
    """That a saved image is this one and nothing else: its id is the digest of its description,
    which names its layers by theirs, and the engine that loads it compares those. It brings no
    name, which would take the place of another image's. Raises ImageRefused.
    """
    try:
        [listed] = parsed(read_member(path, "manifest.json"))
        config = read_member(path, str(listed["Config"]))
        tags, unknown = listed["RepoTags"], listed.keys() - LISTED
    except (tarfile.TarError, OSError, ValueError, EOFError, KeyError, TypeError, AttributeError):
        raise ImageRefused("This is no image that an engine has saved.") from None
    if hashlib.sha256(config).hexdigest() != digest:
        raise ImageRefused("This is another image than was asked for.")
    if tags or unknown:
        raise ImageRefused("The image brings names of its own.")


def parsed(raw: bytes) -> Any:
    """Every key once: engines take the last of several, also in other letters."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key twice")
        return found

    try:
        return json.loads(raw, object_pairs_hook=once)
    except RecursionError:
        raise ValueError("too deep") from None


def read_member(path: Path, name: str) -> bytes:
    found: bytes | None = None
    names: set[str] = set()
    with path.open("rb") as file:
        for count, member in enumerate(members_of(path), 1):
            check_saved(member, count)
            if member.name in names:
                raise ValueError(f"{member.name} twice")
            names.add(member.name)
            if member.name == name and member.isreg():
                found = content_of(file, member)
    if found is None:
        raise ValueError(f"there is no {name}")
    return found


def check_saved(member: tarfile.TarInfo, count: int) -> None:
    """Only a layer may be a link, to another of the same image; and nothing has a name that no
    engine gives, or would take the place of what was looked at.
    """
    last = member.name.rpartition("/")[2]
    is_link = member.issym() and last == LAYER and is_inside(f"{member.name}/../{member.linkname}")
    is_plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE)
    if (
        count > MEMBERS_MAX
        or not SAVED.fullmatch(member.name)
        or member.pax_headers.keys() - HEADERS
    ):
        raise ValueError(member.name)
    if not (is_link or is_plain) or member.issparse():
        raise ValueError(member.name)


def content_of(file: IO[bytes], member: tarfile.TarInfo) -> bytes:
    if member.size > CONFIG_BYTES_MAX:
        raise ValueError("too large")
    file.seek(member.offset_data)
    return file.read(member.size)
