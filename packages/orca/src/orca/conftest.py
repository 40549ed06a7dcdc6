"""Fixtures for every slice: a real engine, where one can run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orca.testing import NoEngine, RealEngine, RealNodes, make_image, real_engine, real_nodes

IMAGES = ("test/web:1", "test/web:2")


@pytest.fixture(scope="session")
def engine() -> Iterator[RealEngine]:
    """One for the whole run of a worker; each test has a cluster of its own in it."""
    try:
        with real_engine() as running:
            make_images(running)
            yield running
    except NoEngine as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def nodes() -> Iterator[RealNodes]:
    """Three on a bridge, likewise."""
    try:
        with real_nodes(3) as running:
            for node in running.nodes:
                make_images(node.engine)
            yield running
    except NoEngine as why:
        pytest.skip(str(why))


def make_images(engine: RealEngine) -> None:
    for name in IMAGES:
        make_image(engine, name)
    make_image(engine, "test/ends:1", ("/bin/sh", "-c", "echo bad; exit 3"))
    make_image(engine, "test/broken:1", ("/bin/nothing",))
