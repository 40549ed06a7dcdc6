"""Serving pictures."""

from __future__ import annotations

import asyncio
from typing import Annotated

from litestar import Response, get
from litestar.params import PathParameter

from basis.errors import NotFound
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.media import service

YEAR_SECONDS = 31_536_000
KINDS = {".webp": "image/webp", ".png": "image/png"}
HEADERS = {
    "cache-control": f"public, max-age={YEAR_SECONDS}, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}


class PictureNotFound(NotFound):
    """There is no picture of this name."""


@get(
    "/uploads/{name:str}",
    opt=access(Access.PUBLIC),
    include_in_schema=False,
    media_type="image/webp",
)
async def show_picture(
    request: WebRequest, name: Annotated[str, PathParameter(max_length=64)]
) -> Response[bytes]:
    """A kept picture. Its name is its content, so browsers need to ask only once."""
    path = service.find_picture(request.app.state.config.data_dir, name)
    if path is None:
        raise PictureNotFound("There is no such picture.")
    content = await asyncio.to_thread(path.read_bytes)
    return Response(content, media_type=KINDS[path.suffix], headers=HEADERS)
