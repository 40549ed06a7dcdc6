"""The gallery in the office: which pictures hang there, in which order, with which words."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import content, media
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.site.uploads import UPLOAD_BYTES_MAX, read_form
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

HERE = "/admin/site/gallery"
ImageId = Annotated[str, PathParameter(max_length=64)]
Alt = Annotated[str, msgspec.Meta(max_length=200)]
Order = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class NewTyped(Form, kw_only=True):
    """A picture to be hung, uploaded beside these words."""

    alt: Alt = ""
    category: content.GalleryCategory = content.GalleryCategory.FOOD


class ImageTyped(Form, kw_only=True):
    """What a manager changes; a switch that is off is not sent."""

    alt: Alt = ""
    category: content.GalleryCategory = content.GalleryCategory.FOOD
    sort_order: Order = 0
    is_active: Annotated[str, msgspec.Meta(max_length=2)] = ""


class GalleryPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_gallery(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post(
        "/",
        opt=access(Access.MANAGER, every_house=True, reads=NewTyped),
        request_max_body_size=UPLOAD_BYTES_MAX,
    )
    async def add(self, request: WebRequest, principal: Actor) -> Response[Any]:
        typed, files = await read_form(request, NewTyped)
        try:
            if not files:
                raise content.GalleryRefused("Please choose a picture.")
            folder = request.app.state.config.data_dir
            upload = await media.receive(folder, files[0].content, files[0].name)
            async with writing_for(request, principal) as uow:
                await media.shelve(uow, upload, alt=typed.alt)
                last = max((one.sort_order for one in await whole(uow)), default=0)
                draft = content.ImageDraft(
                    url=upload.path, alt=typed.alt, category=typed.category, sort_order=last + 10
                )
                await content.add_image(uow, draft)
        except DomainError as refusal:
            async with request.app.state.books.reading(principal) as look:
                return await show(request, look, principal, typed, refusal)
        return back_to(f"{HERE}?saved=1")

    @post("/{image_id:str}", opt=access(Access.MANAGER, every_house=True))
    async def change(
        self, uow: Work, image_id: ImageId, data: URLEncodedBody[ImageTyped]
    ) -> Response[Any]:
        changes = {
            "alt": data.alt,
            "category": data.category,
            "sort_order": data.sort_order,
            "is_active": bool(data.is_active),
        }
        await content.change_image(uow, image_id, changes)
        return back_to(f"{HERE}?saved=1")

    @post("/{image_id:str}/remove", opt=access(Access.MANAGER, every_house=True))
    async def remove(self, uow: Work, image_id: ImageId) -> Response[Any]:
        await content.remove_image(uow, image_id)
        return back_to(f"{HERE}?saved=1")


async def whole(look: Look) -> list[content.GalleryImage]:
    return await content.list_gallery(look, also_hidden=True)


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    typed: NewTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    return office_page(
        "dashboard/site/gallery.html",
        request,
        principal,
        refusal=refusal,
        images=await whole(look),
        form=typed or NewTyped(),
        categories=[(one.value, translate(words)) for one, words in content.CATEGORY_WORDS.items()],
        may_change=principal.house_ids is None,
        saved=request.query_params.get("saved", ""),
    )
