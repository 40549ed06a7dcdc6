"""The API's doors to the taxes of a house."""

from __future__ import annotations

from typing import Annotated

from litestar import get, put
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from kitchenasty import locations
from kitchenasty.checkout.tax_schemas import TaxProfileForm, TaxProfileView
from kitchenasty.checkout.taxes import change_taxes
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work
from kitchenasty.kit.principals import Scope

HouseId = Annotated[str, PathParameter(max_length=64)]


class TaxesApi(ApiController):
    path = "/api/locations/{house_id:str}/taxes"
    tags = ["Locations"]

    @get(opt=access(Access.MANAGER, key=Scope.HOUSES_READ), operation_id="ShowTaxes")
    async def show_taxes(self, look: Reading, house_id: HouseId) -> Envelope[TaxProfileView]:
        """The rates of a house, with their days."""
        return ok(TaxProfileView.of(await locations.load_own_house(look, house_id)))

    @put(opt=access(Access.MANAGER, key=Scope.HOUSES_WRITE), operation_id="ChangeTaxes")
    async def change(
        self, uow: Work, house_id: HouseId, data: JSONBody[TaxProfileForm]
    ) -> Envelope[TaxProfileView]:
        """Replace all rates. Orders that are placed already keep what they were charged."""
        house = await locations.load_own_house(uow, house_id)
        changed = await change_taxes(
            uow,
            house.id,
            [one.to_rate() for one in data.rates],
            prices_include_tax=data.prices_include_tax,
            rounding_policy=data.rounding_policy,
        )
        return ok(TaxProfileView.of(changed))
