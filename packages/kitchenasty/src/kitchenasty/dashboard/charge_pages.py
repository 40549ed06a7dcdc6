"""Prices and charges of each house: delivery, tips, service, and how sums are rounded."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError, Invalid
from basis.kit.http.wire import Form
from basis.money import Rate
from basis.sentences import word
from kitchenasty import checkout, locations, orders
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.tax_pages import DINING_WORDS, POLICY_WORDS
from kitchenasty.dashboard.typed_numbers import minor_in, minor_or_none, typed, whole_in
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.principals import Principal

HERE = "/admin/charges"
BASE_WORDS = {
    "after": word("After discounts"),
    "before": word("Before discounts"),
}
TAXED_WORDS = {
    "goods": word("Taxed like the dishes"),
    "untaxed": word("Not taxed"),
}
Line = Annotated[str, msgspec.Meta(max_length=60)]


class ChargesTyped(Form, kw_only=True):
    """What a manager types; a service charge without a percentage is none."""

    fee: Line = ""
    free_from: Line = ""
    least_delivery: Line = ""
    least_pickup: Line = ""
    policy: Line = ""
    takes_tips: Line = ""
    tips: Line = ""
    service_name: Line = ""
    service_rate: Line = ""
    service_base: Line = "after"
    service_tax: Line = "goods"
    service_pickup: Line = ""
    service_delivery: Line = ""
    service_dine_in: Line = ""
    cash_step: Line = ""


class ChargePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_charges(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/{house_id:str}")
    async def change(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: Annotated[str, PathParameter(max_length=64)],
        data: URLEncodedBody[ChargesTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, house_id, data),
            lambda look, said: show(request, look, principal, refused=(house_id, said, data)),
            refused=Invalid,
        )


async def keep(uow: UnitOfWork, house_id: str, form: ChargesTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    await checkout.change_charges(uow, house.id, charges_in(form, house), changes_in(form, house))
    return f"{HERE}?saved={house_id}"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refused: tuple[str, DomainError, ChargesTyped] | None = None,
) -> Response[Any]:
    houses = await list_own_houses(look, principal)
    refused_id, refusal, kept = refused or ("", None, None)
    forms = {house.id: typed_of(house) for house in houses}
    if kept is not None and refused_id in forms:
        forms[refused_id] = kept
    return office_page(
        "dashboard/charges.html",
        request,
        principal,
        refusal=refusal,
        houses=houses,
        forms=forms,
        policies=[(name, translate(POLICY_WORDS[name])) for name in orders.totals.POLICIES],
        bases=[(code, translate(words)) for code, words in BASE_WORDS.items()],
        taxed=[(code, translate(words)) for code, words in TAXED_WORDS.items()],
        dinings=[
            (code.lower(), translate(DINING_WORDS[code])) for code in sorted(locations.DININGS)
        ],
        refused_id=refused_id,
        saved=request.query_params.get("saved", ""),
    )


def typed_of(house: locations.House) -> ChargesTyped:
    charges, service = house.charges, house.charges.service
    held = service.dinings if service else locations.DININGS
    return ChargesTyped(
        fee=typed(house.delivery_fee_minor, house),
        free_from=typed(house.free_delivery_from_minor, house),
        least_delivery=typed(house.min_delivery_minor, house),
        least_pickup=typed(house.min_pickup_minor, house),
        policy=house.rounding_policy,
        takes_tips="on" if charges.takes_tips else "",
        tips=", ".join(str(percent) for percent in charges.tips),
        service_name=service.name if service else "",
        service_rate=Rate(service.millionths).to_text() if service else "",
        service_base="before" if service and not service.after_discounts else "after",
        service_tax="untaxed" if service and not service.is_taxed else "goods",
        **{f"service_{code.lower()}": "on" if code in held else "" for code in locations.DININGS},
        cash_step="" if charges.cash_step_minor == 1 else typed(charges.cash_step_minor, house),
    )


def changes_in(form: ChargesTyped, house: locations.House) -> dict[str, Any]:
    """Raises NumberUnreadable, BadAmount."""
    policy = {"rounding_policy": form.policy} if form.policy else {}
    return policy | {
        "delivery_fee_minor": minor_in(form.fee or "0", house),
        "free_delivery_from_minor": minor_or_none(form.free_from, house),
        "min_delivery_minor": minor_in(form.least_delivery or "0", house),
        "min_pickup_minor": minor_in(form.least_pickup or "0", house),
    }


def charges_in(form: ChargesTyped, house: locations.House) -> locations.Charges:
    """Raises NumberUnreadable, BadAmount, ChargesRefused."""
    tips = [one for one in form.tips.replace("%", " ").replace(",", " ").split() if one]
    return locations.Charges(
        takes_tips=bool(form.takes_tips),
        tips=tuple(whole_in(one) for one in tips),
        service=service_in(form),
        cash_step_minor=minor_in(form.cash_step, house) if form.cash_step else 1,
    )


def service_in(form: ChargesTyped) -> locations.ServiceTerms | None:
    """Raises ChargesRefused."""
    rate = form.service_rate.removesuffix("%").strip()
    if not rate:
        return None
    return locations.ServiceTerms(
        name=form.service_name,
        millionths=checkout.read_percent(rate),
        is_taxed=form.service_tax != "untaxed",
        after_discounts=form.service_base != "before",
        dinings=tuple(
            code for code in locations.DININGS if getattr(form, f"service_{code.lower()}")
        ),
    )
