"""Categories and dishes put in order: by dragging, by keyboard, or by a button for each step."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Controller, Response, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.ids import is_id
from basis.kit.http.refusing import status_of
from basis.kit.http.wire import Form
from kitchenasty import menu
from kitchenasty.dashboard.menu.sheet_filter import HERE as MENU
from kitchenasty.dashboard.menu.sheet_pages import as_json
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import say
from kitchenasty.kit.http.local_paths import local_path
from kitchenasty.kit.http.web import Actor, WebRequest, back_to, wants_json, writing_for

HERE = f"{MENU}/order"
IDS_LENGTH_MAX = 40_000
"""A thousand ids."""
UP, DOWN = "up", "down"
ORDER_ID = "order"
TROUBLE = "changed"
ArrangementId = Annotated[str, PathParameter(max_length=64)]
Ids = Annotated[str, msgspec.Meta(max_length=IDS_LENGTH_MAX)]
Short = Annotated[str, msgspec.Meta(max_length=40)]
Back = Annotated[str, msgspec.Meta(max_length=600)]


class OrderForm(Form, kw_only=True):
    """The ids as they were seen, with commas between them, and either as they are wanted or one
    step: `up:` or `down:` and an id.
    """

    kind: Short = ""
    of: Short = ""
    seen: Ids = ""
    wanted: Ids = ""
    move: Annotated[str, msgspec.Meta(max_length=60)] = ""
    back: Back = ""

    def shelf(self) -> menu.Shelf:
        kind = menu.Kind.DISHES if self.kind == menu.Kind.DISHES else menu.Kind.CATEGORIES
        return menu.Shelf(kind, self.of or None)

    def ids_seen(self) -> list[str]:
        return split(self.seen)

    def ids_wanted(self) -> list[str]:
        return split(self.wanted) if self.wanted else stepped(self.ids_seen(), self.move)


class BackForm(Form, kw_only=True):
    back: Back = ""


class ArrangePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @post("/")
    async def put_in_order(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[OrderForm]
    ) -> Response[Any]:
        """One request for a whole list, however far something was dragged."""
        try:
            async with writing_for(request, principal) as uow:
                order_id = await menu.put_in_order(
                    uow, data.shelf(), seen=data.ids_seen(), wanted=data.ids_wanted()
                )
        except DomainError as refusal:
            return refused(request, data.back, refusal)
        if wants_json(request):
            return as_json({"order": order_id, "seen": data.ids_wanted()})
        return back_to(f"{whence(data.back)}?{ORDER_ID}={order_id or ''}")

    @post("/{arrangement_id:str}/take-back")
    async def take_back(
        self,
        request: WebRequest,
        principal: Actor,
        arrangement_id: ArrangementId,
        data: URLEncodedBody[BackForm],
    ) -> Response[Any]:
        try:
            async with writing_for(request, principal) as uow:
                await menu.take_back_order(uow, arrangement_id)
        except menu.OrderChanged as refusal:
            return refused(request, data.back, refusal)
        return back_to(whence(data.back))


def refused(request: WebRequest, back: str, refusal: DomainError) -> Response[Any]:
    """Without script, the page as it stands now says that somebody was quicker."""
    is_quarrel = isinstance(refusal, menu.OrderChanged)
    if not is_quarrel and not wants_json(request):
        raise refusal
    if wants_json(request):
        return as_json({"error": say(refusal)}, status=status_of(refusal))
    return back_to(f"{whence(back)}?{TROUBLE}=yes")


def whence(back: str) -> str:
    """The page that one came from, without what it said the last time."""
    return urlsplit(local_path(back, otherwise=f"{MENU}/categories")).path


def split(ids: str) -> list[str]:
    return [one for one in ids.split(",") if one]


def stepped(ids: list[str], move: str) -> list[str]:
    """The list after one step; the same if there is no such step."""
    way, _, one = move.partition(":")
    if one not in ids or way not in (UP, DOWN):
        return ids
    at = ids.index(one)
    to = max(0, at - 1) if way == UP else min(len(ids) - 1, at + 1)
    rest = [*ids[:at], *ids[at + 1 :]]
    return [*rest[:to], one, *rest[to:]]


def told_in(request: WebRequest) -> dict[str, Any]:
    """What was put in order just now, as the address says it, for the way back."""
    order_id = request.query_params.get(ORDER_ID, "")
    return {
        "ordered": order_id if is_id(order_id) else "",
        "quarrel": request.query_params.get(TROUBLE) == "yes",
    }
