"""The API's coupon doors."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import FromQuery, JSONBody, PathParameter

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, amount, bounded_minor, done, listed, ok
from kitchenasty import locations
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.guesses import Guess
from kitchenasty.kit.http.web import Reading, WebRequest, Work
from kitchenasty.kit.limits import COUPON_GUESS_PER_ADDRESS
from kitchenasty.kit.principals import Scope
from kitchenasty.promotions import queries, service
from kitchenasty.promotions.rules import Coupon, CouponType, CouponUnknown, check_minimum
from kitchenasty.promotions.schemas import (
    CouponCheck,
    CouponKind,
    CouponPatch,
    CouponView,
    CouponWorth,
    NewCoupon,
    value_of,
)

CouponId = Annotated[str, PathParameter(max_length=64)]
CodeInPath = Annotated[str, PathParameter(max_length=50)]


class CouponsApi(ApiController):
    path = "/api/coupons"
    tags = ["Coupons"]

    @post("/validate", opt=access(Access.PUBLIC), operation_id="ValidateCoupon", status_code=200)
    async def validate(
        self, request: WebRequest, look: Reading, data: JSONBody[CouponCheck]
    ) -> Envelope[CouponWorth]:
        """What a code takes off. Limits of a person are looked at when they order."""
        house = await house_of(look, data.location_id)
        coupon = await guess(request, look, data.code, house)
        given = data.order_total if data.subtotal is None else data.subtotal
        goods = 0 if given is None else bounded_minor(given, house.currency)
        if given is not None:
            check_minimum(coupon, goods)
        return ok(
            CouponWorth(
                valid=True,
                code=coupon.code,
                type=coupon.type,
                value=value_of(coupon),
                discount=amount(coupon.takes_off(goods), house.currency),
                free_delivery=coupon.type is CouponType.FREE_DELIVERY,
                currency=house.currency,
            )
        )

    @get("/validate/{code:str}", opt=access(Access.PUBLIC), operation_id="LookUpCoupon")
    async def look_up(
        self, request: WebRequest, look: Reading, code: CodeInPath
    ) -> Envelope[CouponKind]:
        """What kind of coupon a code is."""
        coupon = await guess(request, look, code, await house_of(look, None))
        return ok(CouponKind(id=coupon.id, type=coupon.type, value=value_of(coupon)))

    @get(opt=access(Access.STAFF, key=Scope.OFFERS_READ), operation_id="ListCoupons")
    async def list_coupons(
        self, look: Reading, page: FromQuery[int] = 1, limit: FromQuery[int] = 20
    ) -> Envelope[list[CouponView]]:
        """The newest first."""
        shown = Page.of(page, limit)
        coupons, total = await queries.list_coupons(look, shown)
        # By house, of which there are a few, and not by coupon.
        places = {one.house_id for one in coupons}
        zones = {place: (await house_of(look, place)).zone for place in places}
        views = [CouponView.of(one, zones[one.house_id]) for one in coupons]
        return listed(views, page=shown.number, limit=shown.limit, total=total)

    @get(
        "/{coupon_id:str}",
        opt=access(Access.STAFF, key=Scope.OFFERS_READ),
        operation_id="ShowCoupon",
    )
    async def show_coupon(self, look: Reading, coupon_id: CouponId) -> Envelope[CouponView]:
        """One coupon."""
        return ok(await view_of(look, await queries.load_coupon(look, coupon_id)))

    @post(opt=access(Access.MANAGER, key=Scope.OFFERS_WRITE), operation_id="AddCoupon")
    async def add_coupon(self, uow: Work, data: JSONBody[NewCoupon]) -> Envelope[CouponView]:
        """Make a coupon."""
        house = await house_of(uow, data.location_id)
        draft = data.to_draft(currency=house.currency, zone=house.zone)
        return ok(await view_of(uow, await service.add_coupon(uow, draft)))

    @patch(
        "/{coupon_id:str}",
        opt=access(Access.MANAGER, key=Scope.OFFERS_WRITE),
        operation_id="ChangeCoupon",
    )
    async def change_coupon(
        self, uow: Work, coupon_id: CouponId, data: JSONBody[CouponPatch]
    ) -> Envelope[CouponView]:
        """Change what is given."""
        coupon = await queries.load_coupon(uow, coupon_id)
        house = await house_of(uow, coupon.house_id)
        changes = data.to_changes(coupon, zone=house.zone)
        return ok(await view_of(uow, await service.change_coupon(uow, coupon_id, changes)))

    @delete(
        "/{coupon_id:str}",
        opt=access(Access.MANAGER, key=Scope.OFFERS_WRITE),
        status_code=200,
        operation_id="RemoveCoupon",
    )
    async def remove_coupon(self, uow: Work, coupon_id: CouponId) -> Envelope[None]:
        """Remove a coupon for good. Orders that had it keep what it took off."""
        await service.remove_coupon(uow, coupon_id)
        return done("Coupon deleted")


async def guess(request: WebRequest, look: Look, code: str, house: locations.House) -> Coupon:
    """The coupon, if it holds. Raises TooManyTries, and what find_coupon raises."""
    with Guess(request, COUPON_GUESS_PER_ADDRESS, code, wrong=CouponUnknown):
        return await service.find_coupon(look, code, house)


async def house_of(look: Look, house_id: str | None) -> locations.House:
    """The named house; without a name the first by name. Raises HouseNotFound."""
    if house_id:
        return await locations.load_house(look, house_id)
    houses = await locations.list_houses(look)
    if not houses:
        raise locations.HouseNotFound("No active location found")
    return houses[0]


async def view_of(look: Look, coupon: Coupon) -> CouponView:
    return CouponView.of(coupon, (await house_of(look, coupon.house_id)).zone)
