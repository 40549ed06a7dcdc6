"""The gallery, and the pages of law."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.params import PathParameter, QueryParameter
from litestar.response import Template

from kitchenasty import content
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import Reading, WebRequest, page, site_of

Slug = Annotated[str, PathParameter(max_length=60)]
Asked = Annotated[str, QueryParameter(max_length=20)]


class ContentPages(Controller):
    path = "/"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/gallery")
    async def show_gallery(
        self, request: WebRequest, look: Reading, category: Asked = ""
    ) -> Template:
        images = await content.list_gallery(look)
        present = {one.category for one in images}
        chips = [
            (one.value.lower(), translate(words))
            for one, words in content.CATEGORY_WORDS.items()
            if one in present
        ]
        chosen = category if category in dict(chips) else ""
        return page(
            "storefront/gallery.html",
            images=[one for one in images if chosen in ("", one.category.value.lower())],
            chips=chips,
            chosen=chosen,
            address=f"{site_of(request)}/gallery",
        )

    @get("/legal/{slug:str}")
    async def show_legal(self, request: WebRequest, look: Reading, slug: Slug) -> Template:
        shown = await content.load_legal_page(look, slug)
        return page(
            "storefront/legal.html",
            shown_page=shown,
            text=content.to_html(shown.content),
            address=f"{site_of(request)}/legal/{shown.slug}",
        )
