"""The API's doors to the pages of law."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from litestar import get, put
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Form, Stamp, WireStruct, ok, stamp
from kitchenasty.content import legal
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work

Slug = Annotated[str, PathParameter(max_length=60)]


class LegalForm(Form, kw_only=True):
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    content: Annotated[str, msgspec.Meta(min_length=1, max_length=legal.CONTENT_LENGTH_MAX)]

    PARAGRAPHS: ClassVar[frozenset[str]] = frozenset({"content"})


class LegalView(WireStruct, kw_only=True):
    """A page of law; `content` is Markdown."""

    id: str
    slug: str
    title: str
    content: str
    version: int
    created_at: Stamp
    updated_at: Stamp

    @classmethod
    def of(cls, page: legal.LegalPage) -> LegalView:
        return cls(
            id=page.id,
            slug=page.slug,
            title=page.title,
            content=page.content,
            version=page.version,
            created_at=stamp(page.created_at),
            updated_at=stamp(page.updated_at),
        )


class LegalApi(ApiController):
    path = "/api/legal"
    tags = ["Legal"]

    @get(opt=access(Access.PUBLIC), operation_id="ListLegalPages")
    async def list_pages(self, look: Reading) -> Envelope[list[LegalView]]:
        """Every page of law."""
        return ok([LegalView.of(page) for page in await legal.list_legal_pages(look)])

    @get("/{slug:str}", opt=access(Access.PUBLIC), operation_id="ShowLegalPage")
    async def show_page(self, look: Reading, slug: Slug) -> Envelope[LegalView]:
        """One of them."""
        return ok(LegalView.of(await legal.load_legal_page(look, slug)))

    @put(
        "/{slug:str}",
        opt=access(Access.MANAGER, every_house=True),
        operation_id="WriteLegalPage",
    )
    async def write_page(
        self, uow: Work, slug: Slug, data: JSONBody[LegalForm]
    ) -> Envelope[LegalView]:
        """Begin a page of law, or write its next version."""
        page = await legal.write_legal_page(uow, slug, title=data.title, content=data.content)
        return ok(LegalView.of(page))
