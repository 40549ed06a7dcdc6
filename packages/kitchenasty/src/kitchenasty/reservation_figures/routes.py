"""The API's door to the figures of reservations."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from kitchenasty import locations
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading
from kitchenasty.kit.principals import Principal
from kitchenasty.reservation_figures import service
from kitchenasty.reservation_figures.schemas import ReservationAnalyticsView

HouseWanted = Annotated[str | None, QueryParameter(name="locationId", max_length=64)]
Days = Annotated[int, QueryParameter(ge=7, le=365)]


class ReservationFiguresApi(ApiController):
    path = "/api/reservations/analytics"
    tags = ["Reservations"]

    @get(opt=access(Access.STAFF), operation_id="ShowReservationAnalytics")
    async def show_analytics(
        self, look: Reading, principal: Actor, days: Days = 30, location_id: HouseWanted = None
    ) -> Envelope[ReservationAnalyticsView]:
        """So many days back and ahead, in the houses that one works in or in one of them."""
        houses = await houses_for(look, principal, location_id)
        return ok(ReservationAnalyticsView.of(await service.look_around(look, houses, days)))


async def houses_for(
    look: Look, principal: Principal, house_id: str | None
) -> list[locations.House]:
    """The houses that this person sees, or the one that was asked for. Raises HouseNotFound."""
    if house_id is not None:
        if not principal.may_see_house(house_id):
            raise locations.HouseNotFound("There is no such house.")
        return [await locations.load_house(look, house_id)]
    houses = await locations.list_houses(look, only_active=False)
    return [house for house in houses if principal.may_see_house(house.id)]
