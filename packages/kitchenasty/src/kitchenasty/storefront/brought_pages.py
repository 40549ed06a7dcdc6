"""What a guest says when couriers of a market say that they are there."""

from __future__ import annotations

from typing import Literal

from litestar import Controller, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from basis.kit.http.wire import Form
from kitchenasty import handoff
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Work, back_to
from kitchenasty.orders import load_order_by_capability


class BroughtForm(Form):
    is_here: Literal["yes", "no"]


class BroughtPages(Controller):
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @post("/t/{capability:str}/brought", status_code=303)
    async def hear(
        self, uow: Work, capability: FromPath[str], data: URLEncodedBody[BroughtForm]
    ) -> Redirect:
        """Whoever says it first is heard; before an arrival, and after the end, nothing changes."""
        order = await load_order_by_capability(uow, capability)
        await handoff.hear_guest(uow, order.id, is_received=data.is_here == "yes")
        return back_to(f"/t/{capability}")
