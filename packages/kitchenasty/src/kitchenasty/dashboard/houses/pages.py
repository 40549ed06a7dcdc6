"""Houses: the list, a new one, and what each of them is."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.http.wire import Form
from kitchenasty import locations, media
from kitchenasty.dashboard.houses import choices
from kitchenasty.dashboard.houses.frame import Tab, house_page
from kitchenasty.dashboard.houses.house_form import (
    HouseTyped,
    changes_in,
    draft_of,
    form_of,
    load_fresh_form,
)
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
    writing_for,
)
from kitchenasty.kit.principals import Principal, Role

HERE = "/admin/houses"
HouseId = Annotated[str, PathParameter(max_length=64)]


class PictureMissing(Invalid):
    """The form has no file in it."""


class SwitchForm(Form):
    is_active: Annotated[str, msgspec.Meta(max_length=3)] = ""


class HousePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_houses(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        houses = await list_own_houses(look, principal)
        return office_page(
            "dashboard/houses/list.html",
            request,
            principal,
            rows=[(house, house.hours.open_until(look.now) is not None) for house in houses],
            may_open=principal.house_ids is None,
            removed=request.query_params.get("removed", "")[:120],
        )

    @get("/new", opt=access(Access.MANAGER, every_house=True))
    async def show_new(self, request: WebRequest, look: Reading, principal: Actor) -> Response[Any]:
        houses = await locations.list_houses(look, only_active=False)
        form = await load_fresh_form(look, houses[0] if houses else None)
        return await show_new_form(request, principal, form)

    @post("/new", opt=access(Access.MANAGER, every_house=True))
    async def open_house(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[HouseTyped]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: add(uow, data),
            lambda _, said: show_new_form(request, principal, data, refusal=said),
            refused=(Invalid, Conflict),
        )

    @get("/{house_id:str}")
    async def show_house(
        self, request: WebRequest, look: Reading, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        house = await locations.load_own_house(look, house_id)
        return show_form(request, look, house, form_of(house))

    @post("/{house_id:str}")
    async def change(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[HouseTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: change(uow, house_id, data),
            lambda look, said: show_refused(request, look, house_id, said, data),
            refused=(Invalid, Conflict),
        )

    @post("/{house_id:str}/picture")
    async def change_picture(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        """The picture is decoded outside of any transaction; a form without one takes it away."""
        books = entrance_of(request).books
        async with books.reading(principal) as look:
            await locations.load_own_house(look, house_id)
        try:
            upload = await picture_in(request)
        except Invalid as refusal:
            async with books.reading(principal) as look:
                return await show_refused(request, look, house_id, refusal)
        async with writing_for(request, principal) as uow:
            if upload is not None:
                await media.shelve(uow, upload)
            image = None if upload is None else upload.path
            await locations.change_house(uow, house_id, {"image": image})
        return back_to(f"{HERE}/{house_id}?saved=yes")

    @post("/{house_id:str}/switch")
    async def switch(
        self, uow: Work, house_id: HouseId, data: URLEncodedBody[SwitchForm]
    ) -> Response[Any]:
        """On or off: who is off takes no orders, and stays in the books."""
        house = await locations.load_own_house(uow, house_id)
        await locations.change_house(uow, house.id, {"is_active": bool(data.is_active)})
        return back_to(f"{HERE}/{house_id}?switched=yes")

    @post("/{house_id:str}/remove", opt=access(Access.SUPER_ADMIN))
    async def remove(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: close_down(uow, house_id),
            lambda look, said: show_refused(request, look, house_id, said),
            refused=Conflict,
        )


async def add(uow: UnitOfWork, form: HouseTyped) -> str:
    draft = draft_of(form, await locations.load_beginnings(uow))
    house = await locations.add_house(uow, draft)
    return f"{HERE}/{house.id}/hours?new=yes"


async def change(uow: UnitOfWork, house_id: str, form: HouseTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    await locations.change_house(uow, house.id, changes_in(form))
    return f"{HERE}/{house_id}?saved=yes"


async def close_down(uow: UnitOfWork, house_id: str) -> str:
    await locations.load_own_house(uow, house_id)
    await locations.close_down(uow, house_id)
    return f"{HERE}?removed=yes"


async def picture_in(request: WebRequest) -> media.Upload | None:
    """The picture that was sent; None where the form says to take it away.

    Raises PictureMissing, PictureRefused.
    """
    form = await request.form()
    if form.get("remove"):
        return None
    file = form.get("image")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not isinstance(file, UploadFile) or not content:
        raise PictureMissing("Please choose a picture first: JPEG, PNG or WebP.")
    return await media.receive(request.app.state.config.data_dir, content, file.filename)


async def show_refused(
    request: WebRequest,
    look: Look,
    house_id: str,
    refusal: DomainError,
    typed: HouseTyped | None = None,
) -> Response[Any]:
    house = await locations.load_own_house(look, house_id)
    return show_form(request, look, house, typed or form_of(house), refusal=refusal)


def show_form(
    request: WebRequest,
    look: Look,
    house: locations.House,
    form: HouseTyped,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    return house_page(
        request,
        look,
        house,
        Tab.BASICS,
        refusal=refusal,
        form=form,
        **offers(form),
        saved="saved" in request.query_params,
        switched="switched" in request.query_params,
        may_remove=look.actor.has_role(Role.SUPER_ADMIN),
    )


async def show_new_form(
    request: WebRequest,
    principal: Principal,
    form: HouseTyped,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    return office_page(
        "dashboard/houses/new.html",
        request,
        principal,
        refusal=refusal,
        form=form,
        **offers(form),
    )


def offers(form: HouseTyped) -> dict[str, Any]:
    """What can be chosen; a zone that is set and not in our list stays one that can be kept."""
    zones = choices.time_zones()
    if form.zone and form.zone not in dict(zones):
        zones = ((form.zone, form.zone), *zones)
    return {
        "zones": zones,
        "countries": choices.countries(),
        "cancels": choices.cancel_choices(),
    }
