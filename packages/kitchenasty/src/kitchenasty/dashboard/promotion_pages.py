"""The office's happy hours: which there are, a new one, on and off, away."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form, bounded_minor
from basis.kit.texts import whole_in
from basis.money import Rate
from basis.sentences import word
from kitchenasty import locations, menu, promotions
from kitchenasty.dashboard.coupon_pages import house_of, own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.typed_numbers import number_in
from kitchenasty.dashboard.week_days import day_choices, days_in, told_days
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
)
from kitchenasty.kit.principals import Principal
from kitchenasty.promotions import Promotion, PromotionDraft, PromotionRefused

HERE = "/admin/promotions"
KIND_LABELS = {
    "percent": word("Percent"),
    "order": word("Amount off all of them together"),
    "portion": word("Amount off each portion"),
}
Line = Annotated[str, msgspec.Meta(max_length=80)]
Some = Annotated[list[Annotated[str, msgspec.Meta(max_length=36)]], msgspec.Meta(max_length=200)]
PromotionId = Annotated[str, PathParameter(max_length=64)]


class PromotionForm(Form):
    """What a manager types. `days` are numbers from 0, which is Sunday."""

    name: Line = ""
    kind: Line = "percent"
    value: Line = ""
    category_ids: Some = []
    dish_ids: Some = []
    days: Some = []
    starts: Line = "17:00"
    ends: Line = "19:00"
    priority: Line = "50"
    combines: Line = ""
    location_id: Line = ""


class SwitchForm(msgspec.Struct):
    is_active: bool


class PromotionPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_promotions(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/")
    async def add_promotion(self, request: WebRequest, principal: Actor) -> Response[Any]:
        data = await read_ticked(request, PromotionForm)
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: add(uow, data),
            lambda look, said: show(request, look, principal, refusal=said, form=data),
        )

    @post("/{promotion_id:str}/switch")
    async def switch(
        self, uow: Work, promotion_id: PromotionId, data: URLEncodedBody[SwitchForm]
    ) -> Response[Any]:
        await promotions.change_promotion(uow, promotion_id, {"is_active": data.is_active})
        return back_to(HERE)

    @post("/{promotion_id:str}/remove")
    async def remove(self, uow: Work, promotion_id: PromotionId) -> Response[Any]:
        await promotions.remove_promotion(uow, promotion_id)
        return back_to(HERE)


async def add(uow: UnitOfWork, form: PromotionForm) -> str:
    house = await house_of(uow, uow.actor, form.location_id)
    made = await promotions.add_promotion(uow, draft_of(form, house))
    return f"{HERE}?added={made.id}"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    form: PromotionForm | None = None,
) -> Response[Any]:
    made = await promotions.list_promotions(look)
    found = [one for one in made if not principal.is_elsewhere(one.house_id)]
    houses = await own_houses(look, principal)
    every = [("", translate("All"))] if principal.house_ids is None else []
    categories, dishes = await names_of(look, houses)
    added = request.query_params.get("added")
    return office_page(
        "dashboard/promotions.html",
        request,
        principal,
        refusal=refusal,
        promotions=found,
        just_added=next((one for one in found if one.id == added), None),
        worth=worth_of,
        days_of=days_of,
        wall=promotions.wall_of_minutes,
        reach_of=lambda one: reach_of(one, categories | dishes),
        house_names={house.id: house.name for house in houses},
        house_choices=[*every, *((house.id, house.name) for house in houses)],
        kind_choices=[(code, translate(label)) for code, label in KIND_LABELS.items()],
        day_choices=day_choices(),
        categories=categories,
        dishes=dishes,
        may_change=lambda one: principal.house_ids is None or one.house_id in principal.house_ids,
        form=form or PromotionForm(days=[str(day) for day in range(7)]),
    )


async def names_of(
    look: Look, houses: list[locations.House]
) -> tuple[dict[str, str], dict[str, str]]:
    """The categories and dishes of these houses by id, in the order of the menu."""
    categories: dict[str, str] = {}
    dishes: dict[str, str] = {}
    for house in houses:
        book = await menu.load_menu(look, house.id)
        todo = list(book.categories)
        while todo:
            category = todo.pop(0)
            categories[category.id] = category.name
            dishes |= {dish.id: dish.name for dish in category.dishes}
            todo = [*category.children, *todo]
    return categories, dishes


def draft_of(form: PromotionForm, house: locations.House) -> PromotionDraft:
    """Raises PromotionRefused, NumberUnreadable, BadAmount."""
    value = number_in(form.value)
    is_share = form.kind == "percent"
    priority = whole_in(form.priority, digits=2)
    starts, ends = promotions.window_of(form.starts, form.ends)
    if is_share and not 0 < value <= 100:
        raise PromotionRefused("A percentage lies above 0 and goes up to 100.")
    return PromotionDraft(
        name=form.name,
        currency=house.currency,
        house_id=form.location_id or None,
        rate_millionths=promotions.rate_of(value).millionths if is_share else 0,
        amount_minor=0 if is_share else bounded_minor(value, house.currency),
        is_per_portion=form.kind == "portion",
        category_ids=tuple(form.category_ids),
        dish_ids=tuple(form.dish_ids),
        days=days_in(form.days),
        starts=starts,
        ends=ends,
        priority=-1 if priority is None else priority,
        combines=bool(form.combines),
    )


def worth_of(promotion: Promotion) -> str | None:
    """`20 %`; None for an amount, which the page writes in its own way."""
    if not promotion.rate_millionths:
        return None
    return f"{Rate(promotion.rate_millionths).to_text()} %"


def days_of(promotion: Promotion) -> str:
    return told_days(promotion.days)


def reach_of(promotion: Promotion, names: dict[str, str]) -> list[str]:
    """The names of what it reaches; nothing for every dish."""
    wanted = (*promotion.category_ids, *promotion.dish_ids)
    return [names.get(one, translate("no longer on the menu")) for one in wanted]
