"""The API is described whole, for programs and for people."""

from __future__ import annotations

import re

import httpx
from litestar import Litestar

from kitchenasty.kit.http.access import API_PREFIX, handlers_of

IDS = re.compile(r'id="([^"]+)"')
LINKS = re.compile(r'href="#([^"]+)"')


async def test_every_door_of_the_api_is_described_in_words(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    paths = (await client.get("/api/openapi.json")).json()["paths"]
    described = {
        (verb.upper(), path)
        for path, operations in paths.items()
        for verb, operation in operations.items()
        if operation.get("description")
    }
    doors = {
        (verb, route.path_format)
        for route, handler in handlers_of(app)
        for verb in handler.http_methods  # type: ignore[attr-defined]  # HTTP handlers only
        if route.path_format.startswith(API_PREFIX) and handler.resolve_include_in_schema()  # type: ignore[attr-defined]
    }
    assert doors - described == set()
    assert len(doors) > 40


async def test_the_reference_shows_every_operation_and_shape(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    answer = await client.get("/api/docs")
    assert answer.status_code == 200
    anchors = set(IDS.findall(answer.text))
    operations = {
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
    }
    assert operations | set(document["components"]["schemas"]) <= anchors
    assert set(LINKS.findall(answer.text)) <= anchors
