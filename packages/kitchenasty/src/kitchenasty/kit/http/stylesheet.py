"""The one stylesheet of every page: its layers joined once, named by its content, kept for ever."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from litestar import Response, get

from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import WebRequest

FOLDER = Path(__file__).parents[1] / "static" / "css"
LAYERS = ("reset", "tokens", "themes", "base", "layout", "parts", "pages", "print")
PATH = "/style.css"
VERSION_LENGTH = 12


@cache
def joined() -> bytes:
    """The layers in their order; whatever a slice adds in `@layer pages` finds its place."""
    parts = [FOLDER.joinpath(f"{name}.css").read_text() for name in LAYERS]
    return "\n".join([f"@layer {', '.join(LAYERS)};", *parts]).encode()


@cache
def compressed() -> bytes:
    return gzip.compress(joined(), 9, mtime=0)


@cache
def address() -> str:
    """Where pages find it. Another content is another address, so caches never serve an old one."""
    return f"{PATH}?v={hashlib.sha256(joined()).hexdigest()[:VERSION_LENGTH]}"


@get(PATH, opt=access(Access.PUBLIC), include_in_schema=False)
async def show_stylesheet(request: WebRequest) -> Response[bytes]:
    is_current = request.url.query == address().partition("?")[2]
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_current else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(joined(), media_type="text/css; charset=utf-8", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(compressed(), media_type="text/css; charset=utf-8", headers=headers)
