"""Allergens: the fourteen of the regulation with their members, and what the house adds."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import menu
from kitchenasty.dashboard.menu.sheet_filter import HERE as MENU
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.principals import Principal, Role

HERE = f"{MENU}/allergens"
AllergenId = Annotated[str, PathParameter(max_length=64)]


class AllergenTyped(Form, kw_only=True):
    name: Annotated[str, msgspec.Meta(max_length=120)] = ""


class AllergenPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_allergens(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/", opt=access(Access.MANAGER, every_house=True))
    async def add(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[AllergenTyped]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: add(uow, data.name),
            lambda look, said: show(request, look, principal, typed=data.name, refusal=said),
        )

    @post("/{allergen_id:str}/delete", opt=access(Access.SUPER_ADMIN))
    async def delete(
        self, request: WebRequest, principal: Actor, allergen_id: AllergenId
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: delete(uow, allergen_id),
            lambda look, said: show(request, look, principal, refusal=said),
            refused=menu.StillInUse,
        )


async def add(uow: UnitOfWork, name: str) -> str:
    row = await menu.add_allergen(uow, name)
    return f"{HERE}?saved={row.id}"


async def delete(uow: UnitOfWork, allergen_id: str) -> str:
    await menu.delete_own_allergen(uow, allergen_id)
    return HERE


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    typed: str = "",
    refusal: DomainError | None = None,
) -> Response[Any]:
    rows = await menu.list_allergens(look)
    counts = {row.code: count for row, count in rows}
    return office_page(
        "dashboard/menu/allergens.html",
        request,
        principal,
        refusal=refusal,
        groups=[
            (name, counts.get(code, 0), members_of(code, counts))
            for code, name in menu.ALLERGEN_NAMES.items()
            if ":" not in code
        ],
        own=[(row, count) for row, count in rows if row.code not in menu.ALLERGEN_NAMES],
        typed=typed,
        may_add=principal.house_ids is None,
        may_delete=principal.has_role(Role.SUPER_ADMIN),
        saved=request.query_params.get("saved", ""),
    )


def members_of(group: str, counts: dict[str, int]) -> list[tuple[str, int]]:
    """The cereals and the nuts, each with how many dishes declare it."""
    return [
        (name, counts.get(code, 0))
        for code, name in menu.ALLERGEN_NAMES.items()
        if code.startswith(f"{group}:")
    ]
