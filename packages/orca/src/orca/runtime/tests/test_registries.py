"""Names that move, vanish and hang: a real engine with a small registry beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from basis.ids import new_id
from orca.runtime import DockerRuntime, ImageMissing, RegistryAway
from orca.testing import FAILS, HANGS, WELL, RealEngine, Registry, registry_beside

PATIENCE_SECONDS = 1.0


@pytest.fixture(scope="module")
def registry(engine: RealEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry_beside(engine, tmp_path_factory.mktemp("registry")) as beside:
        yield beside


@pytest.fixture
async def runtime(engine: RealEngine, registry: Registry) -> AsyncIterator[DockerRuntime]:
    registry.be(WELL)
    made = DockerRuntime(engine.url)
    yield made
    await made.close()


def name_for(registry: Registry) -> tuple[str, str]:
    """Of no other test: what was pulled once stays in the engine."""
    name = f"web-{new_id()}:1"
    return name, registry.name_of(name)


async def test_a_name_means_what_its_registry_says_now(
    runtime: DockerRuntime, registry: Registry
) -> None:
    name, whole = name_for(registry)
    repository = whole.removesuffix(":1")
    first = registry.put(name, "first")
    assert await runtime.resolve(whole) == f"{repository}@{first}"
    await runtime.pull(whole)
    second = registry.put(name, "second")
    assert await runtime.resolve(whole) == f"{repository}@{second}"
    registry.put(name, "third")
    await runtime.pull(f"{repository}@{second}")
    assert await runtime.find_image(f"{repository}@{second}") is not None


async def test_a_name_that_is_gone_is_not_taken_for_what_it_meant(
    runtime: DockerRuntime, registry: Registry
) -> None:
    name, whole = name_for(registry)
    digest = registry.put(name, "first")
    await runtime.pull(whole)
    registry.take_away(name)
    with pytest.raises(ImageMissing, match=f"There is no image {whole}: .*manifest unknown"):
        await runtime.resolve(whole)
    with pytest.raises(ImageMissing, match=f"There is no image {whole}"):
        await runtime.pull(whole)
    await runtime.pull(f"{whole.removesuffix(':1')}@{digest}")


@pytest.mark.parametrize(("mood", "said"), [(FAILS, "disk full|500"), (HANGS, "not|nothing")])
async def test_a_registry_that_is_ill_is_no_missing_image(
    runtime: DockerRuntime, registry: Registry, engine: RealEngine, mood: str, said: str
) -> None:
    """Neither when the image lies here nor when it does not; and nobody waits for ever."""
    known, unknown = name_for(registry), name_for(registry)
    for name, _ in (known, unknown):
        registry.put(name, "first")
    await runtime.pull(known[1])
    registry.be(mood)
    hurried = DockerRuntime(engine.url, registry_seconds=PATIENCE_SECONDS)
    for _, whole in (known, unknown):
        with pytest.raises(RegistryAway, match=f"{whole}.*({said})"):
            await hurried.resolve(whole)
        with pytest.raises(RegistryAway, match=f"{whole}.*({said})"):
            await hurried.pull(whole)
    await hurried.close()
