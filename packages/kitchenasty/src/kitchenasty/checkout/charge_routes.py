"""The API's doors to what a house charges beside its dishes."""

from __future__ import annotations

from typing import Annotated

from litestar import get, put
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from kitchenasty import locations
from kitchenasty.checkout.charge_schemas import ChargesForm, ChargesView
from kitchenasty.checkout.charges import change_charges
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work
from kitchenasty.kit.principals import Scope

HouseId = Annotated[str, PathParameter(max_length=64)]


class ChargesApi(ApiController):
    path = "/api/locations/{house_id:str}/charges"
    tags = ["Locations"]

    @get(opt=access(Access.PUBLIC), operation_id="ShowCharges")
    async def show_charges(self, look: Reading, house_id: HouseId) -> Envelope[ChargesView]:
        """Tips that are offered, the service charge, how cash and tax are rounded."""
        return ok(ChargesView.of(await locations.load_house(look, house_id)))

    @put(opt=access(Access.MANAGER, key=Scope.HOUSES_WRITE), operation_id="ChangeCharges")
    async def change(
        self, uow: Work, house_id: HouseId, data: JSONBody[ChargesForm]
    ) -> Envelope[ChargesView]:
        """Replace them. Orders that are placed already keep what they were charged."""
        house = await locations.load_own_house(uow, house_id)
        charges = data.to_charges(house.currency)
        return ok(ChargesView.of(await change_charges(uow, house.id, charges, data.to_changes())))
