"""The first dish of a new menu, with the category it stands in: one form, one transaction."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.ids import new_code
from basis.kit.http.wire import Form
from kitchenasty import locations, menu
from kitchenasty.dashboard.houses.house_form import slug_of
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.typed_numbers import minor_in
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    WebRequest,
)
from kitchenasty.kit.principals import Principal

HERE = "/admin/first-dish"
DISHES = "/admin/menu/dishes"
CODE_LENGTH = 6
Line = Annotated[str, msgspec.Meta(max_length=120)]


class HouseFirst(Conflict):
    """A price needs a currency, and that is the house's."""


class FirstDishTyped(Form, kw_only=True):
    PARAGRAPHS = frozenset({"description"})

    category: Line = ""
    name: Line = ""
    price: Annotated[str, msgspec.Meta(max_length=15)] = ""
    description: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class FirstDishPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @get("/")
    async def show_form(self, request: WebRequest, principal: Actor) -> Response[Any]:
        return await show(request, principal, FirstDishTyped())

    @post("/")
    async def add_dish(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[FirstDishTyped]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: put_on_menu(uow, data),
            lambda _, said: show(request, principal, data, refusal=said),
            refused=(Invalid, Conflict),
        )


async def put_on_menu(uow: UnitOfWork, form: FirstDishTyped) -> str:
    """Answers the dish's page. Raises HouseFirst, NumberUnreadable, BadAmount, MenuRefused."""
    houses = await locations.list_houses(uow, only_active=False)
    if not houses:
        raise HouseFirst("Open a house first: the price is in its currency.")
    category = menu.CategoryDraft(name=form.category, slug=free_slug(form.category))
    category_id = await menu.add_category(uow, category)
    dish = menu.DishDraft(
        name=form.name,
        slug=free_slug(form.name),
        price_minor=minor_in(form.price, houses[0]),
        category_id=category_id,
        description=form.description or None,
        allergens=None,
    )
    return f"{DISHES}/{await menu.add_dish(uow, dish)}"


def free_slug(name: str) -> str:
    """A name for links that no other thing has; names may be written in letters links lack."""
    return f"{slug_of(name)}-{new_code(CODE_LENGTH).lower()}".strip("-")


async def show(
    request: WebRequest,
    principal: Principal,
    form: FirstDishTyped,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    return office_page(
        "dashboard/houses/first_dish.html",
        request,
        principal,
        refusal=refusal,
        form=form,
    )
