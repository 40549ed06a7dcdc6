"""Images of the engine in memory: made of a context by a builder that knows FROM, COPY and RUN, and
as tars of the kind that engines save.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from orca.runtime.contract import BuildFailed, BuildSpec, Executed, ImageUnreadable, Told

LAYER = f"{'0' * 64}/layer.tar"
"""What there is besides, under a name that engines give."""


@dataclass(frozen=True, slots=True)
class MemoryImage:
    """`exits` with a code as soon as it is started, or stays; writes `says`; knows commands, one of
    which `hangs`; is published where somebody `listens`.
    """

    exits: int | None = None
    says: str = ""
    commands: Mapping[str, Executed] = field(default_factory=dict)
    hangs: str = ""
    listens: int | None = None
    is_broken: bool = False


def built(
    context: Path, spec: BuildSpec, told: Told, images: Mapping[str, MemoryImage]
) -> tuple[MemoryImage, bytes]:
    """The image, and what its digest is of. RUN knows `true`, `false` and `echo`; a file that is
    copied is what `cat` says of it.
    """
    files = files_in(context)
    lines = files.get(spec.dockerfile, b"").decode().splitlines()
    if not lines:
        raise BuildFailed(f"Cannot locate specified Dockerfile: {spec.dockerfile}")
    made: MemoryImage | None = None
    for number, line in enumerate(lines, 1):
        told(f"Step {number}/{len(lines)} : {line}")
        word, _, rest = line.partition(" ")
        made = begun(rest, spec, images) if word == "FROM" else after(made, word, rest, files, told)
    assert made
    described = [lines, spec.args, {name: text.decode() for name, text in files.items()}]
    return made, json.dumps(described, sort_keys=True).encode()


def begun(name: str, spec: BuildSpec, images: Mapping[str, MemoryImage]) -> MemoryImage:
    """There is no registry here that could be asked."""
    if name not in images or spec.pulls:
        raise BuildFailed(f"pull access denied for {name}, repository does not exist")
    return images[name]


def after(
    made: MemoryImage | None, word: str, rest: str, files: Mapping[str, bytes], told: Told
) -> MemoryImage:
    if made is None:
        raise BuildFailed("no build stage in current context")
    if word == "RUN":
        told(rest.removeprefix("echo "))
        if rest == "false":
            raise BuildFailed("The command '/bin/sh -c false' returned a non-zero code: 1")
        return made
    source, _, target = rest.partition(" ")
    if source not in files:
        raise BuildFailed(f"COPY failed: {source}: no such file or directory")
    said = Executed(0, files[source].decode())
    return replace(made, commands={**made.commands, f"cat {target}": said})


def files_in(context: Path) -> dict[str, bytes]:
    with tarfile.open(context, mode="r:") as tar:
        return {
            member.name: file.read()
            for member in tar
            if member.isreg() and (file := tar.extractfile(member))
        }


def packed(described: bytes, image: MemoryImage) -> bytes:
    """As `docker save` does it: a list, a description, and what there is besides."""
    name = f"{hashlib.sha256(described).hexdigest()}.json"
    listed = [{"Config": name, "RepoTags": None, "Layers": [LAYER]}]
    contents = {
        name: described,
        LAYER: msgspec.json.encode(image),
        "manifest.json": json.dumps(listed).encode(),
    }
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for each, content in contents.items():
            header = tarfile.TarInfo(each)
            header.size = len(content)
            tar.addfile(header, io.BytesIO(content))
    return made.getvalue()


def read_image(content: bytes) -> tuple[bytes, MemoryImage]:
    """Raises ImageUnreadable."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as tar:
            files = {
                member.name: file.read() for member in tar if (file := tar.extractfile(member))
            }
        [listed] = json.loads(files["manifest.json"])
        described = files[listed["Config"]]
        return described, msgspec.json.decode(files[LAYER], type=MemoryImage)
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise ImageUnreadable(f"The engine does not take this image: {error}.") from error
