"""Pages of law in the office: written in Markdown, with every version kept."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, ClassVar

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, QueryParameter, URLEncodedBody

from basis.errors import Invalid
from basis.kit.http.wire import Form
from kitchenasty import content
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
    writing_for,
)
from kitchenasty.kit.principals import Principal

HERE = "/admin/site/legal"
DIFFERENCES_MAX = 400
Slug = Annotated[str, PathParameter(max_length=60)]
Number = Annotated[int | None, QueryParameter(ge=1, le=1_000_000)]


class LegalTyped(Form, kw_only=True):
    title: Annotated[str, msgspec.Meta(max_length=120)] = ""
    content: Annotated[str, msgspec.Meta(max_length=content.CONTENT_LENGTH_MAX)] = ""
    step: Annotated[str, msgspec.Meta(max_length=8)] = "save"

    PARAGRAPHS: ClassVar[frozenset[str]] = frozenset({"content"})


class RestoreTyped(Form, kw_only=True):
    version: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class LegalPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_pages(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        """Those that there are, and those that most houses need."""
        pages = await content.list_legal_pages(look)
        known = {one.slug for one in pages}
        usual = [(slug, translate(title)) for slug, title in content.USUAL if slug not in known]
        return office_page(
            "dashboard/site/legal_list.html",
            request,
            principal,
            pages=pages,
            usual=usual,
            may_change=principal.house_ids is None,
        )

    @get("/{slug:str}")
    async def edit(
        self,
        request: WebRequest,
        look: Reading,
        principal: Actor,
        slug: Slug,
        compare: Number = None,
    ) -> Response[Any]:
        """With `compare`, what has changed since that version."""
        return await show(request, look, principal, slug, compare=compare)

    @post("/{slug:str}", opt=access(Access.MANAGER, every_house=True))
    async def write(
        self,
        request: WebRequest,
        principal: Actor,
        slug: Slug,
        data: URLEncodedBody[LegalTyped],
    ) -> Response[Any]:
        """Save, or only look at it first."""
        refusal = None
        if data.step == "save":
            try:
                async with writing_for(request, principal) as uow:
                    await content.write_legal_page(
                        uow, slug, title=data.title, content=data.content
                    )
                return back_to(f"{HERE}/{slug}?saved=1")
            except Invalid as refused:
                refusal = refused
        async with request.app.state.books.reading(principal) as look:
            return await show(request, look, principal, slug, kept=(data, refusal))

    @post("/{slug:str}/restore", opt=access(Access.MANAGER, every_house=True))
    async def restore(
        self, uow: Work, slug: Slug, data: URLEncodedBody[RestoreTyped]
    ) -> Response[Any]:
        await content.restore_version(uow, slug, data.version)
        return back_to(f"{HERE}/{slug}?saved=1")


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    slug: str,
    *,
    compare: int | None = None,
    kept: tuple[LegalTyped, Invalid | None] | None = None,
) -> Response[Any]:
    typed, refusal = kept or (None, None)
    found = next((one for one in await content.list_legal_pages(look) if one.slug == slug), None)
    versions = await content.list_versions(look, found.id) if found else []
    then = next((one for one in versions if one.version == compare), None)
    title = found.title if found else translate(dict(content.USUAL).get(slug, ""))
    return office_page(
        "dashboard/site/legal.html",
        request,
        principal,
        refusal=refusal,
        slug=slug,
        found=found,
        form=typed or LegalTyped(title=title, content=found.content if found else ""),
        preview=content.to_html(typed.content) if typed else None,
        versions=versions,
        then=then,
        changes=differences(then.content, found.content) if then and found else [],
        may_change=principal.house_ids is None,
        saved=request.query_params.get("saved", ""),
    )


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """Lines that went (`-`), came (`+`) or stand beside them."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
    told = [(line[:1], line[1:]) for line in lines if not line.startswith(("---", "+++", "@@"))]
    return told[:DIFFERENCES_MAX]
