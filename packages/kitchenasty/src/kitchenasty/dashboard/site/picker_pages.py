"""The library beside what shows one of its pictures: dishes, categories, houses."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from kitchenasty import locations, menu
from kitchenasty.dashboard.site import picker
from kitchenasty.dashboard.site.picker import UPLOAD_BYTES_MAX, Shown, Target
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, WebRequest

RowId = Annotated[str, PathParameter(max_length=64)]


async def load_dish(look: Look, dish_id: str) -> Shown:
    await menu.check_own_dish(look, dish_id)
    entry = await menu.load_entry(look, dish_id)
    return Shown(entry.name, entry.image, f"/admin/menu/dishes/{dish_id}")


async def load_category(look: Look, category_id: str) -> Shown:
    await menu.check_own_category(look, category_id)
    entry = await menu.load_category_entry(look, category_id)
    return Shown(entry.name, entry.image, f"/admin/menu/categories/{category_id}")


async def give_category(uow: UnitOfWork, category_id: str, path: str | None) -> None:
    await menu.change_category(uow, category_id, {"image": path})


async def load_house(look: Look, house_id: str) -> Shown:
    house = await locations.load_own_house(look, house_id)
    return Shown(house.name, house.image, f"/admin/houses/{house_id}")


async def give_house(uow: UnitOfWork, house_id: str, path: str | None) -> None:
    await locations.change_house(uow, house_id, {"image": path})


DISHES = Target(load_dish, menu.set_image)
CATEGORIES = Target(load_category, give_category)
HOUSES = Target(load_house, give_house)


class PickerPages(Controller):
    path = "/admin"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/menu/dishes/{dish_id:str}/pictures")
    async def show_for_dish(
        self, request: WebRequest, principal: Actor, dish_id: RowId
    ) -> Response[Any]:
        return await picker.show(request, principal, DISHES, dish_id)

    @post("/menu/dishes/{dish_id:str}/pictures", request_max_body_size=UPLOAD_BYTES_MAX)
    async def choose_for_dish(
        self, request: WebRequest, principal: Actor, dish_id: RowId
    ) -> Response[Any]:
        return await picker.choose(request, principal, DISHES, dish_id)

    @get("/menu/categories/{category_id:str}/pictures")
    async def show_for_category(
        self, request: WebRequest, principal: Actor, category_id: RowId
    ) -> Response[Any]:
        return await picker.show(request, principal, CATEGORIES, category_id)

    @post("/menu/categories/{category_id:str}/pictures", request_max_body_size=UPLOAD_BYTES_MAX)
    async def choose_for_category(
        self, request: WebRequest, principal: Actor, category_id: RowId
    ) -> Response[Any]:
        return await picker.choose(request, principal, CATEGORIES, category_id)

    @get("/houses/{house_id:str}/pictures")
    async def show_for_house(
        self, request: WebRequest, principal: Actor, house_id: RowId
    ) -> Response[Any]:
        return await picker.show(request, principal, HOUSES, house_id)

    @post("/houses/{house_id:str}/pictures", request_max_body_size=UPLOAD_BYTES_MAX)
    async def choose_for_house(
        self, request: WebRequest, principal: Actor, house_id: RowId
    ) -> Response[Any]:
        return await picker.choose(request, principal, HOUSES, house_id)
