"""The API's doors to the drawer: its days, counting it, and closing a day on what was counted."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import ENCODER, Envelope, ok
from kitchenasty import locations
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.once import IdempotencyKey, answer_request
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.kit.principals import Role, Scope
from kitchenasty.till.rules import day_in, pieces_of
from kitchenasty.till.schemas import CashDayView, CloseForm, CountView, DrawerForm
from kitchenasty.till.service import close_day, count_drawer, list_closed, look_at_day

HouseId = Annotated[str, PathParameter(max_length=64)]
DayText = Annotated[str, PathParameter(max_length=10)]
Most = Annotated[int, QueryParameter(ge=1, le=100)]


class TillApi(ApiController):
    path = "/api/locations/{house_id:str}/till"
    tags = ["Till"]

    @get(opt=access(Access.MANAGER, key=Scope.REPORTS_READ), operation_id="ListCloses")
    async def list_closes(
        self, look: Reading, house_id: HouseId, limit: Most = 31
    ) -> Envelope[list[CountView]]:
        """The closes and corrections of the days that were closed last, the newest day first."""
        house = await locations.load_own_house(look, house_id)
        found = await list_closed(look, house, most=limit)
        return ok([CountView.of(day.isoformat(), one, with_sums=True) for day, one in found])

    @get(
        "/{day:str}",
        opt=access(Access.STAFF, key=Scope.REPORTS_READ),
        operation_id="ShowCashDay",
    )
    async def show_day(
        self, look: Reading, principal: Actor, house_id: HouseId, day: DayText
    ) -> Envelope[CashDayView]:
        """What moved on a day of the house, and what was counted, the oldest count first."""
        house = await locations.load_own_house(look, house_id)
        found = await look_at_day(look, house, day_in(day))
        with_sums = principal.has_role(Role.MANAGER)
        return ok(CashDayView.of(found, pieces_of(house.currency), with_sums=with_sums))

    @post("/{day:str}/counts", opt=access(Access.STAFF), operation_id="CountDrawer")
    async def count(
        self,
        request: WebRequest,
        uow: Work,
        house_id: HouseId,
        day: DayText,
        data: JSONBody[DrawerForm],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Envelope[CountView]]:
        """Somebody of the house has counted. A day that is closed is not counted any more. The same
        Idempotency-Key with the same body gives the same answer, and keeps nothing more.
        """
        house = await locations.load_own_house(uow, house_id)

        async def act() -> tuple[int, bytes]:
            drawer = data.to_drawer(house.currency)
            made = await count_drawer(uow, house, day_in(day), drawer, seen_number=data.number)
            with_sums = uow.actor.has_role(Role.MANAGER)
            return 201, ENCODER.encode(ok(CountView.of(day, made, with_sums=with_sums)))

        return await answer_request(request, uow, idempotency_key, act)

    @post("/{day:str}/close", opt=access(Access.MANAGER), operation_id="CloseDay")
    async def close(
        self,
        request: WebRequest,
        uow: Work,
        house_id: HouseId,
        day: DayText,
        data: JSONBody[CloseForm],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Envelope[CountView]]:
        """Close the day on what was counted. A close is never changed: a day that is closed gets a
        correction beside it, under the next number. The same Idempotency-Key with the same body
        gives the same answer, and closes nothing more.
        """
        house = await locations.load_own_house(uow, house_id)

        async def act() -> tuple[int, bytes]:
            drawer = data.to_drawer(house.currency)
            made = await close_day(
                uow, house, day_in(day), drawer, reason=data.reason, seen_number=data.number
            )
            return 201, ENCODER.encode(ok(CountView.of(day, made, with_sums=True)))

        return await answer_request(request, uow, idempotency_key, act)
