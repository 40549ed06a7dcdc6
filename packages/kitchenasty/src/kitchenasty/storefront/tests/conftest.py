"""A guest at the browser: forms come from our own pages, as browsers say."""

from __future__ import annotations

import httpx
import pytest


@pytest.fixture
def guest(client: httpx.AsyncClient) -> httpx.AsyncClient:
    client.headers["origin"] = str(client.base_url).rstrip("/")
    return client
