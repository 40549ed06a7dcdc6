"""Images that Docker Engine makes, saves and loads: its own builder by its API, and no program
beside it. All three take as long as they take, and say something now and then.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import aiohttp
from aiodocker import Docker

from orca.runtime.contract import (
    BuildFailed,
    BuildSpec,
    EngineAway,
    ImageMissing,
    ImageUnreadable,
    Told,
)
from orca.runtime.translating import translated

SILENT_SECONDS_MAX = 900
"""An instruction may run for so long without a word."""
FOR_EVER = aiohttp.ClientTimeout(total=None, sock_read=SILENT_SECONDS_MAX)
PART_BYTES = 1 << 18
LINE_BYTES_MAX = 1 << 20
TAR = {"Content-Type": "application/x-tar"}


async def build(docker: Docker, context: Path, spec: BuildSpec, told: Told) -> str:
    """Raises BuildFailed, EngineAway."""
    params = {
        "dockerfile": spec.dockerfile,
        "t": spec.tag,
        "buildargs": json.dumps(dict(spec.args)),
        "nocache": "false" if spec.uses_cache else "true",
        "pull": "true" if spec.pulls else "false",
        "rm": "true",
        "forcerm": "true",
    }
    image = ""
    refused = BuildFailed("The builder does not take these instructions")
    with translated(invalid=refused):
        parts = parts_of(context)
        asked = docker._query(  # noqa: SLF001 - its own wrapper reads the context at once
            "build", "POST", params=params, data=parts, headers=TAR, timeout=FOR_EVER
        )
        async with aclosing(parts), asked as answer, answer:
            async for line in json_lines(answer.content):
                if "error" in line:
                    raise BuildFailed(str(line["error"]).strip())
                image = str((line.get("aux") or {}).get("ID") or image)
                for said in str(line.get("stream") or "").splitlines():
                    told(said)
    if not image:
        raise BuildFailed("The builder has ended without an image.")
    return image


async def save(docker: Docker, image: str) -> AsyncGenerator[bytes, None]:
    """Raises ImageMissing, EngineAway."""
    with translated(missing=ImageMissing(f"There is no image {image} on this node.")):
        await docker.images.inspect(image)  # of one that is missing `get` says anything
        asked = docker._query(f"images/{image}/get", timeout=FOR_EVER)  # noqa: SLF001
        async with asked as answer, answer:
            async for part in answer.content.iter_chunked(PART_BYTES):
                yield part


async def load(docker: Docker, saved: AsyncIterable[bytes]) -> None:
    """Raises ImageUnreadable, EngineAway."""
    await check_store(docker)
    with translated(invalid=ImageUnreadable("The engine does not take this image")):
        asked = docker._query(  # noqa: SLF001
            "images/load", "POST", params={"quiet": "1"}, data=saved, headers=TAR, timeout=FOR_EVER
        )
        async with asked as answer, answer:
            async for line in json_lines(answer.content):
                if "error" in line:
                    raise ImageUnreadable(f"The engine does not take this image: {line['error']}.")


async def check_store(docker: Docker) -> None:
    """Containerd's own store reads another list of the same file, where names may stand that nobody
    has looked at, and it knows images by other ids. Raises ImageUnreadable, EngineAway.
    """
    with translated():
        told = await docker.system.info()
    kinds = [str(value) for _, value in told.get("DriverStatus") or ()]
    if any(kind.startswith("io.containerd") for kind in kinds):
        raise ImageUnreadable(
            "This engine keeps images in containerd's store and takes none from other nodes. "
            "Push the image to a registry, or turn that store off."
        )


async def parts_of(path: Path) -> AsyncGenerator[bytes, None]:
    with path.open("rb") as file:
        while part := await asyncio.to_thread(file.read, PART_BYTES):
            yield part


async def json_lines(content: aiohttp.StreamReader) -> AsyncIterator[dict[str, Any]]:
    """However they are cut on their way."""
    rest = b""
    async for part in content.iter_any():
        *lines, rest = (rest + part).split(b"\n")
        if len(rest) > LINE_BYTES_MAX:
            raise EngineAway("The engine says what cannot be read.")
        for line in lines:
            if line.strip():
                yield json.loads(line)
    if rest.strip():
        yield json.loads(rest)
