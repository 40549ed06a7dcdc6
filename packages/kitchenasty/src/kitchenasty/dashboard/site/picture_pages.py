"""The library of pictures: upload, describe, find where each is shown, remove."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import PathParameter, QueryParameter, URLEncodedBody

from basis.errors import Conflict, Invalid
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form
from kitchenasty import media
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
    wants_json,
    writing_for,
)
from kitchenasty.kit.principals import Principal

HERE = "/admin/site/pictures"
SHOWN = 24
FILES_MAX = 20
UPLOAD_BYTES_MAX = 40_000_000
AssetId = Annotated[str, PathParameter(max_length=64)]
Asked = Annotated[str, QueryParameter(max_length=100)]


class AltTyped(Form, kw_only=True):
    alt: Annotated[str, msgspec.Meta(max_length=200)] = ""


class NoPicture(Invalid):
    """The form has no file."""


class PicturePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_pictures(
        self,
        request: WebRequest,
        look: Reading,
        principal: Actor,
        q: Asked = "",
        number: Annotated[int | None, QueryParameter(name="page")] = None,
    ) -> Response[Any]:
        return await show(request, look, principal, q, number)

    @post(
        "/",
        opt=access(Access.MANAGER, every_house=True),
        request_max_body_size=UPLOAD_BYTES_MAX,
    )
    async def upload(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """Several files at once, each of them whole or not at all; what was refused is told."""
        files = [
            one for name, one in (await request.form()).multi_items()
            if name == "files" and isinstance(one, UploadFile)
        ][:FILES_MAX]  # fmt: skip
        refused = None
        for file in files:
            try:
                await take(request, principal, file)
            except Invalid as refusal:
                if wants_json(request):
                    raise
                refused = refusal
        if refused is not None or not files:
            refused = refused or NoPicture("Please choose a picture.")
            async with request.app.state.books.reading(principal) as look:
                return await show(request, look, principal, "", None, refused)
        return back_to(f"{HERE}?saved=1")

    @post("/{asset_id:str}", opt=access(Access.MANAGER, every_house=True))
    async def describe(
        self, uow: Work, asset_id: AssetId, data: URLEncodedBody[AltTyped]
    ) -> Response[Any]:
        await media.describe_asset(uow, asset_id, data.alt)
        return back_to(f"{HERE}?saved=1")

    @post("/{asset_id:str}/remove", opt=access(Access.MANAGER, every_house=True))
    async def remove(
        self, request: WebRequest, principal: Actor, asset_id: AssetId
    ) -> Response[Any]:
        """Refused while it is shown anywhere, with the places."""
        state = request.app.state
        try:
            async with writing_for(request, principal) as uow:
                await media.remove_asset(uow, state.config.data_dir, asset_id, state.picture_uses)
        except Conflict as refusal:
            async with state.books.reading(principal) as look:
                return await show(request, look, principal, "", None, refusal)
        return back_to(f"{HERE}?saved=1")


async def take(request: WebRequest, principal: Principal, file: UploadFile) -> None:
    """Clean one and put it into the books. Raises PictureRefused."""
    folder = request.app.state.config.data_dir
    upload = await media.receive(folder, await file.read(), file.filename)
    async with writing_for(request, principal) as uow:
        await media.shelve(uow, upload)


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    words: str,
    number: int | None,
    refusal: Conflict | Invalid | None = None,
) -> Response[Any]:
    wanted = Page.of(number, SHOWN)
    assets, total = await media.list_assets(look, wanted, words=words)
    uses = await media.uses_of(
        look, request.app.state.picture_uses, [asset.path for asset in assets]
    )
    return office_page(
        "dashboard/site/pictures.html",
        request,
        principal,
        refusal=refusal,
        assets=[(asset, uses[asset.path]) for asset in assets],
        total=total,
        words=words,
        newer=address(words, wanted.number - 1) if wanted.number > 1 else None,
        older=address(words, wanted.number + 1) if wanted.offset + len(assets) < total else None,
        may_change=principal.house_ids is None,
        saved=request.query_params.get("saved", ""),
    )


def address(words: str, number: int) -> str:
    return f"{HERE}?{urlencode({'q': words, 'page': number})}"
