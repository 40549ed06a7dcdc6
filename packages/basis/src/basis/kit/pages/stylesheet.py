"""The one stylesheet of every page: its layers joined once, named by its content, kept for ever."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from litestar import Request, Response

from basis.kit.pages.files import STATIC

LAYERS = ("reset", "tokens", "themes", "base", "layout", "parts", "pages", "print")
PATH = "/style.css"
VERSION_LENGTH = 12


class Stylesheet:
    """The layers of a product in their order; whatever a slice adds in `@layer pages` finds its
    place. `own` are those that the product brings, or has instead of ours.
    """

    def __init__(self, own: Mapping[str, Path]) -> None:
        self.files = {name: own.get(name, STATIC / "css" / f"{name}.css") for name in LAYERS}
        parts = [path.read_text(encoding="utf-8") for path in self.files.values()]
        self.joined = "\n".join([f"@layer {', '.join(LAYERS)};", *parts]).encode()
        self.compressed = gzip.compress(self.joined, 9, mtime=0)
        self.version = hashlib.sha256(self.joined).hexdigest()[:VERSION_LENGTH]

    def address(self) -> str:
        """Where pages find it. Another content is another address, so caches never serve an old
        one.
        """
        return f"{PATH}?v={self.version}"

    def answer(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        is_current = request.url.query == f"v={self.version}"
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if is_current else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self.joined, media_type="text/css; charset=utf-8", headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(self.compressed, media_type="text/css; charset=utf-8", headers=headers)
