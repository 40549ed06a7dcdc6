"""The menu's sheet as a file: taken out, and brought back after a look at what it would change."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form
from basis.kit.texts import whole_in
from kitchenasty import menu
from kitchenasty.dashboard.menu.new_lines import SEPARATOR, house_for, known_as
from kitchenasty.dashboard.menu.sheet_filter import HERE, Wanted
from kitchenasty.dashboard.menu.sheet_pages import load_legend
from kitchenasty.dashboard.menu.sheet_table import Plan, header, plan_of, row_of
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.csv import CsvUnreadable, begin_csv, csv_rows, read_csv
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
    writing_for,
)
from kitchenasty.kit.principals import Principal

FILE = "menu.csv"
LINES_MAX = 2_000
BYTES_MAX = 500_000
UPLOAD_BYTES_MAX = 1_000_000
LAST = 100_000
"""Behind what somebody has put in order."""
FORM_BYTES_MAX = 2_500_000
"""What a file may take once its letters are written for an address."""


class TableForm(Form, kw_only=True):
    """The file that was looked at, and the mark of what it was to do."""

    VERBATIM = frozenset({"text", "mark"})

    text: Annotated[str, msgspec.Meta(max_length=BYTES_MAX)] = ""
    mark: Annotated[str, msgspec.Meta(max_length=64)] = ""


class PlanChanged(Conflict):
    """The file would do something else by now than what was shown."""


class TablePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/export.csv", media_type="text/csv")
    async def send_table(self, request: WebRequest, look: Reading) -> Response[bytes]:
        """The dishes that the sheet's address asks for, all pages of them."""
        branches = await menu.list_branches(look)
        wanted = Wanted.of(request.query_params).to_filter(branches)
        lines, _ = await menu.list_lines(look, wanted, Page(1, LINES_MAX))
        legend, paths = await load_legend(look), menu.shown_path(branches)
        rows = [row_of(line, legend, paths) for line in lines]
        return Response(
            begin_csv(header()) + csv_rows(rows),
            media_type="text/csv",
            headers={"content-disposition": f'attachment; filename="{FILE}"'},
        )

    @get("/import")
    async def show_import(self, request: WebRequest, principal: Actor) -> Response[Any]:
        return show(request, principal)

    @post("/import", status_code=200, request_max_body_size=UPLOAD_BYTES_MAX)
    async def look_at(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """Nothing is changed yet: the page says what would be."""
        try:
            text = await text_in(request)
            async with entrance_of(request).books.reading(principal) as look:
                plan = await plan_for(look, text)
        except Invalid as refusal:
            return show(request, principal, refusal=refusal)
        return show(request, principal, plan=plan, text=text)

    @post("/import/apply", request_max_body_size=FORM_BYTES_MAX)
    async def apply(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[TableForm]
    ) -> Response[Any]:
        """All of it in one transaction, if it is still what was shown; or it is shown anew."""
        try:
            async with writing_for(request, principal) as uow:
                plan = await plan_for(uow, data.text)
                if plan.mark != data.mark or plan.problems:
                    raise PlanChanged(
                        "The menu has changed since. Please look at the changes once more."
                    )
                await carry_out(uow, plan)
        except DomainError as refusal:
            async with entrance_of(request).books.reading(principal) as look:
                now = await plan_for(look, data.text)
            return show(request, principal, plan=now, text=data.text, refusal=refusal)
        return back_to(f"{HERE}/import?changed={len(plan.edits)}&added={len(plan.added)}")


async def carry_out(uow: UnitOfWork, plan: Plan) -> None:
    """Raises CellChanged, NotYourMenu, CsvUnreadable, and what a new dish raises."""
    # In one order, so that two files cannot wait for each other in a circle.
    for dish_id in sorted(plan.edits):
        await menu.change_cells(uow, dish_id, plan.edits[dish_id])
    if not plan.added:
        return
    house_id = house_for(uow.actor.house_ids)
    ids = dict(plan.shelves.ids)
    for known, path in plan.shelves.added.items():
        draft = menu.CategoryDraft(
            name=path[-1],
            slug=await menu.free_category_slug(uow, path[-1]),
            parent_id=ids.get(known[:-1]),
            house_id=house_id,
            sort_order=LAST,
        )
        ids[known] = await menu.add_category(uow, draft)
    for place, dish in enumerate(plan.added):
        slug = await menu.free_slug(uow, dish.name)
        category_id = ids[known_as(dish.path)]
        draft_of = menu.DishDraft(
            slug=slug, category_id=category_id, house_id=house_id, sort_order=LAST + place,
            **dish.values,
        )  # fmt: skip
        await menu.add_dish(uow, draft_of)


async def text_in(request: WebRequest) -> str:
    """Raises CsvUnreadable."""
    file = (await request.form()).get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        raise CsvUnreadable("Please choose a file first.")
    if len(content) > BYTES_MAX:
        raise CsvUnreadable("This file is too large: at most 500 kB, please.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


async def plan_for(look: Look, text: str) -> Plan:
    """Raises CsvUnreadable."""
    rows = read_csv(text.encode("utf-8", "replace"), rows_max=LINES_MAX + 1)
    lines, _ = await menu.list_lines(look, menu.SheetFilter(), Page(1, 5 * LINES_MAX))
    plan = plan_of(rows, lines, await menu.list_branches(look), await load_legend(look))
    if plan.added:
        house_for(look.actor.house_ids)
    return plan


def show(
    request: WebRequest,
    principal: Principal,
    *,
    plan: Plan | None = None,
    text: str = "",
    refusal: DomainError | None = None,
) -> Response[Any]:
    return office_page(
        "dashboard/menu/import.html",
        request,
        principal,
        refusal=refusal,
        plan=plan,
        text=text,
        changed=whole_in(request.query_params.get("changed", "")),
        added=whole_in(request.query_params.get("added", "")),
        new_categories=", ".join(f" {SEPARATOR} ".join(one) for one in plan.shelves.added.values())
        if plan
        else "",
        nothing=translate("empty"),
    )
