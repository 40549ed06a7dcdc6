"""The door for couriers: where a delivery goes, asked for under their own signature."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, post
from litestar.params import PathParameter

from basis.kit.http.wire import Envelope, ok
from kitchenasty.handoff.addresses import Door, show_door
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, WebRequest

RailId = Annotated[str, PathParameter(max_length=32)]


class HandoffsApi(Controller):
    path = "/api/handoffs"
    tags = ["Deliveries"]
    opt = access(Access.PUBLIC)

    @post("/{rail_id:str}/address", status_code=200, operation_id="ShowDoor")
    async def show_door(
        self, request: WebRequest, look: Reading, rail_id: RailId
    ) -> Envelope[Door]:
        """For the courier of the last leg: a statement `handoff.address` with the terms
        `{"job": …, "shipper": …}`, its signature in the header `X-Signature`.
        """
        signature = request.headers.get("x-signature")
        return ok(await show_door(look, rail_id, await request.body(), signature))
