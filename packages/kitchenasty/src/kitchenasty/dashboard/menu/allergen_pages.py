"""Allergens: the fourteen of the regulation with their members, and what the house adds."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from kitchenasty import menu
from kitchenasty.dashboard.menu.sheet_filter import HERE as MENU
from kitchenasty.dashboard.shell import shell_of
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import say
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    WebRequest,
    back_to,
    page,
    status_of,
    writing_for,
)
from kitchenasty.kit.http.wire import Form
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
    async def show_allergens(self, request: WebRequest, principal: Actor) -> Response[Any]:
        return await show(request, principal)

    @post("/", opt=access(Access.MANAGER, every_house=True))
    async def add(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[AllergenTyped]
    ) -> Response[Any]:
        """A refusal shows the form again as it was typed, so the transaction is opened here."""
        try:
            async with writing_for(request, principal) as uow:
                row = await menu.add_allergen(uow, data.name)
        except DomainError as refusal:
            return await show(request, principal, typed=data.name, refusal=refusal)
        return back_to(f"{HERE}?saved={row.id}")

    @post("/{allergen_id:str}/delete", opt=access(Access.SUPER_ADMIN))
    async def delete(
        self, request: WebRequest, principal: Actor, allergen_id: AllergenId
    ) -> Response[Any]:
        try:
            async with writing_for(request, principal) as uow:
                await menu.delete_own_allergen(uow, allergen_id)
        except menu.StillInUse as refusal:
            return await show(request, principal, refusal=refusal)
        return back_to(HERE)


async def show(
    request: WebRequest,
    principal: Principal,
    *,
    typed: str = "",
    refusal: DomainError | None = None,
) -> Response[Any]:
    async with entrance_of(request).books.reading(principal) as look:
        rows = await menu.list_allergens(look)
    counts = {row.code: count for row, count in rows}
    return page(
        "dashboard/menu/allergens.html",
        status_code=200 if refusal is None else status_of(refusal),
        shell=shell_of(request, principal),
        principal=principal,
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
        problem=None if refusal is None else say(refusal),
    )


def members_of(group: str, counts: dict[str, int]) -> list[tuple[str, int]]:
    """The cereals and the nuts, each with how many dishes declare it."""
    return [
        (name, counts.get(code, 0))
        for code, name in menu.ALLERGEN_NAMES.items()
        if code.startswith(f"{group}:")
    ]
