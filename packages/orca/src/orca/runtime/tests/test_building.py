"""Images that engines make of contexts and hand to each other: Docker, and the twin in memory."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tarfile
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from basis.ids import new_id
from orca.contexts import check_image
from orca.runtime import (
    BuildFailed,
    BuildSpec,
    ContainerSpec,
    DockerRuntime,
    ImageMissing,
    ImageUnreadable,
    MemoryEngine,
    MemoryRuntime,
    Runtime,
)
from orca.runtime.tests.test_contract import Place, in_memory, place
from orca.testing import RealEngine

__all__ = ["place"]

COPYING = "FROM test/web:1\nCOPY page /www/page\n"


def context(folder: Path, page: str, dockerfile: str = COPYING) -> Path:
    path = folder / f"{new_id()}.tar"
    with tarfile.open(path, "w") as tar:
        for name, text in {"Dockerfile": dockerfile, "page": page}.items():
            header = tarfile.TarInfo(name)
            header.size = len(text.encode())
            tar.addfile(header, io.BytesIO(text.encode()))
    return path


def spec(place: Place, **more: object) -> BuildSpec:
    return BuildSpec(f"orca-build/{place.cluster}:1", **more)  # type: ignore[arg-type]


async def made_of(place: Place, path: Path, **more: object) -> tuple[str, list[str]]:
    told: list[str] = []
    return await place.runtime.build(path, spec(place, **more), told.append), told


async def test_an_image_is_made_of_a_context_and_runs_by_its_id(
    place: Place, tmp_path: Path
) -> None:
    path = context(tmp_path, "salt\n")
    image, told = await made_of(place, path)
    assert image.startswith("sha256:")
    assert await place.runtime.find_image(image) == image
    assert told[0].startswith("Step 1/")
    assert told[0].endswith(" : FROM test/web:1")
    assert (await made_of(place, path))[0] == image  # what was made already is taken from its cache
    other, _ = await made_of(place, context(tmp_path, "pepper\n"))
    assert other != image
    made = await place.run(image)
    shown = await place.runtime.execute(made.name, ["cat", "/www/page"])
    assert shown.output == "salt\n"


@pytest.mark.parametrize(
    ("dockerfile", "words"),
    [
        ("FROM test/web:1\nRUN false\n", "returned a non-zero code: 1"),
        ("FROM test/web:1\nCOPY nothing /x\n", "COPY failed"),
        ("RUN true\n", "no build stage"),
        ("", "Dockerfile"),
    ],
)
async def test_what_does_not_work_out_says_why(
    place: Place, tmp_path: Path, dockerfile: str, words: str
) -> None:
    with pytest.raises(BuildFailed, match=words):
        await made_of(place, context(tmp_path, "x", dockerfile))


async def test_what_it_begins_with_is_looked_up_where_that_is_asked_for(
    place: Place, tmp_path: Path
) -> None:
    """There is no registry here: so the one that lies on the node is not enough."""
    with pytest.raises(BuildFailed):
        await made_of(place, context(tmp_path, "x"), pulls=True)
    await made_of(place, context(tmp_path, "x"), uses_cache=False)


async def whole(runtime: Runtime, image: str) -> bytes:
    return b"".join([part async for part in runtime.save(image)])


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]


async def test_a_saved_image_is_what_its_id_says_and_can_be_loaded(
    place: Place, tmp_path: Path
) -> None:
    """A built one, and one that only lies there: without its name, which is of this node alone."""
    built, _ = await made_of(place, context(tmp_path, "salt\n"))
    local = await place.runtime.find_image("test/web:2")
    assert local
    for image in (built, local):
        saved = await whole(place.runtime, image)
        (tmp_path / "saved").write_bytes(saved)
        check_image(tmp_path / "saved", image.removeprefix("sha256:"))
        await place.runtime.load(pieces(saved))
        assert await place.runtime.find_image(image) == image


async def test_another_engine_runs_what_was_saved(tmp_path: Path) -> None:
    """In memory; on two real engines in `orca/tests/test_builds.py`."""
    place, other = Place(in_memory(), "c1"), MemoryRuntime(MemoryEngine())
    image, _ = await made_of(place, context(tmp_path, "salt\n"))
    await other.load(pieces(await whole(place.runtime, image)))
    made: ContainerSpec = place.spec(image)
    await other.create(made)
    await other.start(made.name)
    assert (await other.execute(made.name, ["cat", "/www/page"])).output == "salt\n"


async def test_what_is_no_image_is_refused(place: Place) -> None:
    missing = f"sha256:{hashlib.sha256(b'x').hexdigest()}"
    with pytest.raises(ImageMissing):
        await whole(place.runtime, missing)
    with pytest.raises(ImageUnreadable):
        await place.runtime.load(pieces(b"no tar at all" * 100))


async def test_builds_do_not_hold_each_other_up(place: Place, tmp_path: Path) -> None:
    paths = [context(tmp_path, f"{number}\n") for number in range(3)]
    found = await asyncio.gather(*(made_of(place, path) for path in paths))
    assert len({image for image, _ in found}) == 3


async def test_what_bears_the_name_of_the_cluster_and_is_no_copy_is_nobodys(
    engine: RealEngine, tmp_path: Path
) -> None:
    """Found on real nodes: the builder works in containers that inherit the labels of the image,
    and an agent that read them ended.
    """
    runtime, cluster = DockerRuntime(engine.url), f"c{new_id()[-12:]}"
    labelled = f"FROM test/web:1\nLABEL orca.cluster={cluster}\nRUN echo {cluster}\nRUN true\n"
    path, seen = context(tmp_path, "x", labelled), []

    async def listen() -> None:
        async with aclosing(runtime.events(cluster)) as events:
            async for happened in events:
                seen.append(happened)  # noqa: PERF401 - one by one, until it is cancelled

    listening = asyncio.create_task(listen())
    try:
        image = await runtime.build(path, BuildSpec(f"orca-build/{cluster}:1"), lambda _: None)
        kept = await runtime._docker.containers.create({"Image": image}, name=f"{cluster}.x")
        assert await runtime.list(cluster) == []
        await kept.delete(force=True)
        assert not listening.done()
    finally:
        listening.cancel()
        await asyncio.wait([listening])
        await runtime.close()
    assert seen == []
