"""The stylesheet of every page: the layers of all products, with our themes and pages."""

from __future__ import annotations

from pathlib import Path

from litestar import Response, get

from basis.kit.pages.stylesheet import PATH, Stylesheet
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import WebRequest

FOLDER = Path(__file__).parents[1] / "static" / "css"
STYLESHEET = Stylesheet({path.stem: path for path in FOLDER.glob("*.css")})


@get(PATH, opt=access(Access.PUBLIC), include_in_schema=False)
async def show_stylesheet(request: WebRequest) -> Response[bytes]:
    return STYLESHEET.answer(request)
