"""Choosing a picture of the library, or sending a new one into it, for something that shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import UploadFile

from basis.errors import DomainError, Invalid
from basis.kit.data.paging import Page
from basis.kit.texts import whole_in
from kitchenasty import media
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import WebRequest, back_to, writing_for
from kitchenasty.kit.principals import Principal

SHOWN = 24
UPLOAD_BYTES_MAX = 9_000_000
SEARCH_LENGTH_MAX = 100


class NothingChosen(Invalid):
    """The form names no picture and has no file."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows a picture: its name, the path of the picture, and the page that one comes from."""

    name: str
    image: str | None
    back: str


@dataclass(frozen=True, slots=True)
class Target:
    """How a picture gets to one kind of things. `load` refuses whoever may not change it."""

    load: Callable[[Look, str], Awaitable[Shown]]
    give: Callable[[UnitOfWork, str, str | None], Awaitable[object]]


async def show(
    request: WebRequest,
    principal: Principal,
    target: Target,
    thing_id: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    words = request.query_params.get("q", "")[:SEARCH_LENGTH_MAX]
    wanted = Page.of(whole_in(request.query_params.get("page", "")), SHOWN)
    async with entrance_of(request).books.reading(principal) as look:
        shown = await target.load(look, thing_id)
        assets, total = await media.list_assets(look, wanted, words=words)
    return office_page(
        "dashboard/site/picker.html",
        request,
        principal,
        refusal=refusal,
        shown=shown,
        here=request.url.path,
        assets=assets,
        total=total,
        words=words,
        number=wanted.number,
        has_more=wanted.offset + len(assets) < total,
    )


async def choose(
    request: WebRequest, principal: Principal, target: Target, thing_id: str
) -> Response[Any]:
    """What is sent is kept only after it is known that whoever sends it may. A refusal shows the
    library again, so the transaction is opened here.
    """
    books = entrance_of(request).books
    async with books.reading(principal) as look:
        shown = await target.load(look, thing_id)
    try:
        upload, asset_id, is_removal = await read_choice(request)
        async with writing_for(request, principal) as uow:
            path = None if is_removal else await path_of(uow, upload, asset_id)
            await target.give(uow, thing_id, path)
    except (Invalid, media.PictureGone, media.AssetNotFound) as refusal:
        return await show(request, principal, target, thing_id, refusal=refusal)
    return back_to(f"{shown.back}?saved=yes")


async def read_choice(request: WebRequest) -> tuple[media.Upload | None, str, bool]:
    """The picture that was sent, cleaned and kept; or the id of one of the library; or that there
    is to be none. Raises NothingChosen, PictureRefused.
    """
    form = await request.form()
    file, chosen = form.get("image"), form.get("picture")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if isinstance(file, UploadFile) and content:
        folder = request.app.state.config.data_dir
        return await media.receive(folder, content, file.filename), "", False
    if form.get("remove"):
        return None, "", True
    if not isinstance(chosen, str) or not chosen:
        raise NothingChosen("Please choose a picture first.")
    return None, chosen[:64], False


async def path_of(uow: UnitOfWork, upload: media.Upload | None, asset_id: str) -> str:
    """Raises AssetNotFound, PictureGone."""
    if upload is None:
        return (await media.load_asset(uow, asset_id)).path
    return (await media.shelve(uow, upload)).path
