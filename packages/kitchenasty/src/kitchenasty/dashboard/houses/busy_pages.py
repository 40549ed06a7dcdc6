"""The switch of a busy kitchen: one tap, and one tap back."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.kit.http.wire import Form
from kitchenasty import locations
from kitchenasty.dashboard.houses.before import before_in, told
from kitchenasty.dashboard.houses.frame import HERE, Tab, house_page
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.local_paths import local_path
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to
from kitchenasty.locations import BusyMode

EXTRAS = (5, 10, 15, 20, 30, 45, 60, 90)
LASTS = (15, 30, 45, 60, 90, 120, 180)
HouseId = Annotated[str, PathParameter(max_length=64)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=1_440)]


class BusyTyped(Form, kw_only=True):
    """`lasts` of 0: until somebody says otherwise. Without `message` guests keep reading the one
    that is there.
    """

    mode: BusyMode
    extra: Minutes = 0
    lasts: Minutes = 0
    message: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    next: Annotated[str, msgspec.Meta(max_length=500)] = ""
    is_undo: Annotated[str, msgspec.Meta(max_length=3)] = ""


class BusyPages(Controller):
    path = f"{HERE}/{{house_id:str}}/busy"
    include_in_schema = False
    opt = access(Access.STAFF)

    @get("/")
    async def show_busy(
        self, request: WebRequest, look: Reading, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        house = await locations.load_own_house(look, house_id)
        return house_page(
            request,
            look,
            house,
            Tab.BUSY,
            extras=steps(EXTRAS, house.busy_extra_minutes),
            lasts=LASTS,
            before=before_in(request),
        )

    @post("/")
    async def set_busy(
        self, uow: Work, house_id: HouseId, data: URLEncodedBody[BusyTyped]
    ) -> Response[Any]:
        house = await locations.load_own_house(uow, house_id)
        await locations.set_busy(
            uow,
            house.id,
            data.mode,
            extra_minutes=data.extra or None,
            lasts_minutes=data.lasts or None,
            message=data.message,
        )
        back = local_path(data.next or None, otherwise=f"{HERE}/{house_id}/busy")
        return back_to(back if data.is_undo else f"{back}?{urlencode(told(house, uow.now))}")


def steps(offered: tuple[int, ...], kept: int) -> list[int]:
    """Minutes to choose from, with those that are set."""
    return sorted({*offered, kept} - {0})
