"""The API's doors to promotions that hold by the clock."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty import locations
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work
from kitchenasty.kit.principals import Scope
from kitchenasty.promotions import timed
from kitchenasty.promotions.routes import house_of
from kitchenasty.promotions.timed_schemas import NewPromotion, PromotionPatch, PromotionView
from kitchenasty.promotions.windows import Promotion

PromotionId = Annotated[str, PathParameter(max_length=64)]
HouseId = Annotated[str | None, QueryParameter(name="locationId", max_length=36)]


class PromotionsApi(ApiController):
    path = "/api/promotions"
    tags = ["Promotions"]

    @get(opt=access(Access.PUBLIC), operation_id="ListPromotions")
    async def list_promotions(
        self, look: Reading, location_id: HouseId = None
    ) -> Envelope[list[PromotionView]]:
        """What makes dishes cheaper at certain hours, at one house."""
        house = await house_of(look, location_id)
        found = [one for one in await timed.list_promotions(look) if is_of(one, house)]
        return ok([view_at(look, one, house) for one in found])

    @post(opt=access(Access.MANAGER, key=Scope.OFFERS_WRITE), operation_id="AddPromotion")
    async def add_promotion(
        self, uow: Work, data: JSONBody[NewPromotion]
    ) -> Envelope[PromotionView]:
        """Make a promotion; it holds from its next hour on."""
        house = await house_of(uow, data.location_id)
        made = await timed.add_promotion(uow, data.to_draft(house.currency))
        return ok(view_at(uow, made, house))

    @patch(
        "/{promotion_id:str}",
        opt=access(Access.MANAGER, key=Scope.OFFERS_WRITE),
        operation_id="ChangePromotion",
    )
    async def change_promotion(
        self, uow: Work, promotion_id: PromotionId, data: JSONBody[PromotionPatch]
    ) -> Envelope[PromotionView]:
        """Change what is given."""
        changed = await timed.change_promotion(uow, promotion_id, data.to_changes())
        return ok(view_at(uow, changed, await house_of(uow, changed.house_id)))

    @delete(
        "/{promotion_id:str}",
        opt=access(Access.MANAGER, key=Scope.OFFERS_WRITE),
        status_code=200,
        operation_id="RemovePromotion",
    )
    async def remove_promotion(self, uow: Work, promotion_id: PromotionId) -> Envelope[None]:
        """Remove a promotion for good. Orders keep what it took off."""
        await timed.remove_promotion(uow, promotion_id)
        return done("Promotion deleted")


def is_of(promotion: Promotion, house: locations.House) -> bool:
    return (
        promotion.is_active
        and promotion.currency == house.currency
        and promotion.house_id in (None, house.id)
    )


def view_at(look: Look, promotion: Promotion, house: locations.House) -> PromotionView:
    holds = is_of(promotion, house) and promotion.holds_at(look.now, house.zone)
    return PromotionView.of(promotion, holds_now=holds)
