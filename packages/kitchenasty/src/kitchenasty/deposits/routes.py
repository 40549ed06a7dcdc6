"""The API's door to deposits: what was agreed about a reservation, and what became of it."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from kitchenasty import locations, reservations
from kitchenasty.deposits.queries import load_deposit
from kitchenasty.deposits.schemas import DepositView
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading

ReservationId = Annotated[str, PathParameter(max_length=64)]


class DepositsApi(ApiController):
    path = "/api/reservations/{reservation_id:str}/deposit"
    tags = ["Reservations"]

    @get(opt=access(Access.STAFF), operation_id="ShowDeposit")
    async def show_deposit(
        self, look: Reading, reservation_id: ReservationId
    ) -> Envelope[DepositView]:
        """What was asked of this guest before, what was paid, given back and kept."""
        found = await reservations.load_reservation(look, reservations.checked_id(reservation_id))
        house = await locations.load_own_house(look, found.house_id)
        return ok(DepositView.of(found, await load_deposit(look, found.id, house.currency)))
