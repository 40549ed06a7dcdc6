from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.openid.tests.builders import PUBLIC_URL, Trip, offer
from kitchenasty.openid.tests.twin import Twin, open_twin


@pytest.fixture
def config(config: Config) -> Config:
    """The twin is on this machine, where nobody is called without being asked to."""
    return replace(config, outgoing_networks=(ip_network("127.0.0.0/8"),))


@pytest.fixture
async def twin(clock: HandClock) -> AsyncIterator[Twin]:
    async with open_twin() as opened:
        opened.now = clock
        yield opened


@pytest.fixture
async def trip(books: Books, client: httpx.AsyncClient, twin: Twin) -> Trip:
    """A house that offers the twin, and a browser in front of it."""
    await offer(books, twin)
    client.headers["origin"] = PUBLIC_URL
    return Trip(client, twin)
