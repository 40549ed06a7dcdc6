"""The menu as a sheet beside the tree of its categories: looked for, changed cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.ids import is_id
from basis.kit.data.paging import Page
from basis.kit.http.refusing import status_of
from basis.kit.http.wire import ENCODER, Form
from basis.kit.texts import whole_in
from kitchenasty import menu
from kitchenasty.dashboard.menu.batch_form import WHAT_LABELS, steps_of
from kitchenasty.dashboard.menu.cells import FIELD_OF, FIELDS, Legend, edits_of
from kitchenasty.dashboard.menu.sheet_filter import HERE, STATE_LABELS, Wanted
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import say, translate
from kitchenasty.kit.http.local_paths import local_path
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
    wants_json,
    writing_for,
)
from kitchenasty.kit.principals import Principal

LINES_MAX = 100
DishId = Annotated[str, PathParameter(max_length=64)]
Typed = Annotated[str, msgspec.Meta(max_length=120)]
Long = Annotated[str, msgspec.Meta(max_length=600)]
Seen = Annotated[str, msgspec.Meta(max_length=600)] | None


class CellForm(Form, kw_only=True):
    """A line as it was typed, and what was seen in it; a cell without that is left alone."""

    VERBATIM = frozenset({"seen_name", "seen_allergens"})

    name: Typed = ""
    price: Typed = ""
    allergens: Long = ""
    stock: Typed = ""
    is86: Typed = ""
    active: Typed = ""
    seen_name: Seen = None
    seen_price: Seen = None
    seen_allergens: Seen = None
    seen_stock: Seen = None
    seen_is86: Seen = None
    seen_active: Seen = None
    back: Long = ""

    def typed(self) -> dict[str, str]:
        return {field: getattr(self, field) for field in FIELDS}

    def seen(self) -> dict[str, str]:
        told = {field: getattr(self, f"seen_{field}") for field in FIELDS}
        return {field: text for field, text in told.items() if text is not None}


class SheetPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_sheet(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal, Wanted.of(request.query_params))

    @post("/dishes/{dish_id:str}/cells")
    async def save_cells(
        self, request: WebRequest, principal: Actor, dish_id: DishId, data: URLEncodedBody[CellForm]
    ) -> Response[Any]:
        """A refusal shows the line as it was typed, so the transaction is opened here."""
        books = entrance_of(request).books
        try:
            async with books.reading(principal) as look:
                legend = await load_legend(look)
            edits = edits_of(data.typed(), data.seen(), legend)
            async with writing_for(request, principal) as uow:
                await menu.change_cells(uow, dish_id, edits)
                line = await menu.load_line(uow, dish_id)
        except DomainError as refusal:
            async with books.reading(principal) as look:
                return await show_refused(request, look, principal, (dish_id, data), refusal)
        if wants_json(request):
            return as_json({"cells": legend.texts(line.cells)})
        back = local_path(data.back, otherwise=HERE)
        return back_to(f"{back}{'&' if '?' in back else '?'}saved={dish_id}#dish-{dish_id}")


async def show_refused(
    request: WebRequest,
    look: Look,
    principal: Principal,
    typed_in: tuple[str, CellForm],
    refusal: DomainError,
) -> Response[Any]:
    """What stands there now, and why what was typed does not."""
    dish_id, form = typed_in
    if not wants_json(request):
        wanted = wanted_in(form.back)
        return await show(request, look, principal, wanted, typed_in=typed_in, refusal=refusal)
    line = await menu.load_line(look, dish_id)
    told = {
        "error": say(refusal),
        "field": field_of(refusal),
        "cells": (await load_legend(look)).texts(line.cells),
    }
    return as_json(told, status=status_of(refusal))


def field_of(refusal: DomainError) -> str:
    field = str(refusal.details.get("field", ""))
    return FIELD_OF.get(field, field)


def wanted_in(address: str) -> Wanted:
    """The sheet that somebody came from."""
    return Wanted.of(dict(parse_qsl(urlsplit(address).query)))


def done_in(query: Mapping[str, str]) -> dict[str, Any] | None:
    """What was changed at once just now, as the address says it."""
    counts = {name: whole_in(query.get(name, ""), digits=4) for name in ("changed", "left")}
    if None in counts.values() or not is_id(query.get("batch", "")):
        return None
    return {"batch": query["batch"], **counts}


async def load_legend(look: Look) -> Legend:
    names = {row.code: row.name for row, _ in await menu.list_allergens(look)}
    return Legend(await menu.usual_currency(look), names)


def as_json(told: dict[str, Any], *, status: int = 200) -> Response[Any]:
    return Response(ENCODER.encode(told), media_type="application/json", status_code=status)


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    wanted: Wanted,
    *,
    typed_in: tuple[str, CellForm] | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """The sheet; with the line that was refused as it was typed."""
    branches = await menu.list_branches(look)
    shown = Page(wanted.page, LINES_MAX)
    lines, total = await menu.list_lines(look, wanted.to_filter(branches), shown)
    legend = await load_legend(look)
    houses = await list_own_houses(look, principal)
    return office_page(
        "dashboard/menu/sheet.html",
        request,
        principal,
        refusal=refusal,
        wanted=wanted,
        branches=branches,
        paths=menu.shown_path(branches),
        lines=lines,
        total=total,
        texts={line.id: legend.texts(line.cells) for line in lines},
        typed={} if typed_in is None else {typed_in[0]: typed_in[1].typed()},
        is_in_line=typed_in is not None and typed_in[0] in {line.id for line in lines},
        currency=legend.currency,
        house_names={house.id: house.name for house in houses},
        house_choices=[("", translate("All")), *((house.id, house.name) for house in houses)],
        newer=wanted.address(page=wanted.page - 1) if wanted.page > 1 else None,
        older=wanted.address(page=wanted.page + 1) if shown.offset + LINES_MAX < total else None,
        state_choices=worded(STATE_LABELS),
        what_choices=worded(WHAT_LABELS),
        steps=steps_of(legend.currency),
        done=done_in(request.query_params),
        saved=request.query_params.get("saved", ""),
        problem_field=field_of(refusal) or "name" if refusal else "",
    )


def worded(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, translate(label)) for code, label in labels.items()]
