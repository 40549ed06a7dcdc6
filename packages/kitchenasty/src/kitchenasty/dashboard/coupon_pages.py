"""The office's coupons: which there are, how often they were used, a new one, on and off."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form
from basis.kit.texts import whole_in
from basis.money import Rate
from basis.sentences import word
from kitchenasty import locations, promotions
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.typed_numbers import minor_in, number_in
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
)
from kitchenasty.kit.principals import Principal
from kitchenasty.promotions import Coupon, CouponRefused, CouponType

LIST_LIMIT = 200
HERE = "/admin/coupons"
TYPE_LABELS = {
    CouponType.PERCENTAGE: word("Percent off the dishes"),
    CouponType.FIXED: word("Amount off the dishes"),
    CouponType.FREE_DELIVERY: word("Free delivery"),
}
Line = Annotated[str, msgspec.Meta(max_length=60)]
CouponId = Annotated[str, PathParameter(max_length=64)]


class CouponForm(Form):
    """What a manager types. Days are the house's; the last one counts whole."""

    code: Line = ""
    type: CouponType = CouponType.PERCENTAGE
    value: Line = ""
    min_order: Line = ""
    max_discount: Line = ""
    usage_limit: Line = ""
    per_customer: Line = "1"
    first_day: Line = ""
    last_day: Line = ""
    location_id: Line = ""


class SwitchForm(msgspec.Struct):
    is_active: bool


class CouponPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_coupons(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/")
    async def add_coupon(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[CouponForm]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: add(uow, data),
            lambda look, said: show(request, look, principal, refusal=said, form=data),
        )

    @post("/{coupon_id:str}/switch")
    async def switch(
        self, uow: Work, coupon_id: CouponId, data: URLEncodedBody[SwitchForm]
    ) -> Response[Any]:
        await promotions.change_coupon(uow, coupon_id, {"is_active": data.is_active})
        return back_to(HERE)


async def add(uow: UnitOfWork, form: CouponForm) -> str:
    house = await house_of(uow, uow.actor, form.location_id)
    coupon = await promotions.add_coupon(uow, draft_of(form, house))
    return f"{HERE}?added={coupon.id}"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    form: CouponForm | None = None,
) -> Response[Any]:
    coupons, total = await promotions.list_coupons(look, Page(limit=LIST_LIMIT))
    houses = await own_houses(look, principal)
    every = [("", translate("All"))] if principal.house_ids is None else []
    added = request.query_params.get("added")
    return office_page(
        "dashboard/coupons.html",
        request,
        principal,
        refusal=refusal,
        coupons=coupons,
        total=total,
        just_added=next((one for one in coupons if one.id == added), None),
        worth=worth_of,
        last_day=last_day_of,
        house_names={house.id: house.name for house in houses},
        house_choices=[*every, *((house.id, house.name) for house in houses)],
        type_choices=[(kind.value, translate(label)) for kind, label in TYPE_LABELS.items()],
        may_change=lambda one: principal.house_ids is None or one.house_id in principal.house_ids,
        form=form or CouponForm(),
    )


async def own_houses(look: Look, principal: Principal) -> list[locations.House]:
    houses = await locations.list_houses(look)
    return [house for house in houses if principal.may_see_house(house.id)]


async def house_of(look: Look, principal: Principal, house_id: str) -> locations.House:
    """The named house; for a coupon of all houses the first, whose currency it has.

    Raises HouseNotFound.
    """
    if house_id:
        return await locations.load_house(look, house_id)
    houses = await own_houses(look, principal)
    if not houses:
        raise locations.HouseNotFound("No active location found")
    return houses[0]


def draft_of(form: CouponForm, house: locations.House) -> promotions.CouponDraft:
    """Raises CouponRefused, NumberUnreadable, BadAmount."""
    is_share = form.type is CouponType.PERCENTAGE
    is_amount = form.type is CouponType.FIXED
    most = form.max_discount
    return promotions.CouponDraft(
        code=form.code,
        type=form.type,
        currency=house.currency,
        house_id=form.location_id or None,
        rate_millionths=promotions.rate_of(number_in(form.value)).millionths if is_share else 0,
        amount_minor=minor_in(form.value, house) if is_amount else 0,
        min_order_minor=minor_in(form.min_order or "0", house),
        cap_minor=minor_in(most, house) if most else None,
        uses_max=count_in(form.usage_limit) if form.usage_limit else None,
        per_customer_max=count_in(form.per_customer or "1"),
        starts=promotions.wall_of(form.first_day, house.zone),
        ends=promotions.wall_of(form.last_day, house.zone, is_end=True),
    )


def count_in(text: str) -> int:
    """Raises CouponRefused."""
    count = whole_in(text)
    if count is None or not 1 <= count <= promotions.USES_MAX:
        raise CouponRefused("How often: a whole number from 1 on.")
    return count


def worth_of(coupon: Coupon) -> str | None:
    """`10 %`; None for an amount, which the page writes in the guest's way, and free delivery."""
    if coupon.type is not CouponType.PERCENTAGE:
        return None
    return f"{Rate(coupon.rate_millionths).to_text()} %"


def last_day_of(coupon: Coupon) -> str | None:
    return promotions.last_day_of(coupon.ends)
