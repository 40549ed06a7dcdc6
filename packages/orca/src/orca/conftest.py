"""Fixtures for every slice: a real engine, where one can run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orca.testing import NoEngine, RealEngine, make_image, real_engine

IMAGES = ("test/web:1", "test/web:2")


@pytest.fixture(scope="session")
def engine() -> Iterator[RealEngine]:
    """One for the whole run of a worker; each test has a cluster of its own in it."""
    try:
        with real_engine() as running:
            for name in IMAGES:
                make_image(running, name)
            make_image(running, "test/ends:1", ("/bin/sh", "-c", "echo bad; exit 3"))
            make_image(running, "test/broken:1", ("/bin/nothing",))
            yield running
    except NoEngine as why:
        pytest.skip(str(why))
