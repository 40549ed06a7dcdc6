"""Doors for contexts: what services are built from comes to the control plane's disk as it is sent,
and is there when all of it has come and is what its name says.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from orca.access import Role
from orca.api import AnyRequest, needs
from orca.contexts import BYTES_MAX, Shelf, check_context, digest_of

ContextName = Annotated[str, PathParameter(max_length=64)]


class ContextView(msgspec.Struct, kw_only=True, rename="camel"):
    name: str
    bytes: int


class ContextsApi(ApiController):
    path = "/api/v1/contexts"
    tags = ["Cluster"]

    @get("/{name:str}", opt=needs(Role.DEPLOYER), operation_id="ShowContext")
    async def show_context(self, request: AnyRequest, name: ContextName) -> Envelope[ContextView]:
        """Whether it is here. Then it need not be sent, and stays for an hour at least."""
        shelf = shelf_of(request)
        shelf.touch(name)
        return ok(view_of(shelf, name))

    @put(
        "/{name:str}",
        opt=needs(Role.DEPLOYER),
        operation_id="BringContext",
        request_max_body_size=BYTES_MAX,
    )
    async def bring_context(self, request: AnyRequest, name: ContextName) -> Envelope[ContextView]:
        """The body is a tar without compression, and its SHA-256 is its name."""
        shelf = shelf_of(request)
        is_named_so = digest_of(name)

        def check(path: Path, digest: str) -> None:
            is_named_so(path, digest)
            check_context(path)

        await shelf.put(name, body_of(request), check)
        return ok(view_of(shelf, name))


async def body_of(request: AnyRequest) -> AsyncIterator[bytes]:
    async for part in request.stream():
        yield part


def shelf_of(request: AnyRequest) -> Shelf:
    shelf: Shelf = request.app.state.depot.contexts
    return shelf


def view_of(shelf: Shelf, name: str) -> ContextView:
    return ContextView(name=name, bytes=shelf.path_of(name).stat().st_size)
