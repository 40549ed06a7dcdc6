"""The tree of categories, and the page of one: its words, place, hours, picture and dishes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.errors import DomainError
from basis.sentences import word
from kitchenasty import menu
from kitchenasty.dashboard.menu.arrange_pages import told_in
from kitchenasty.dashboard.menu.category_form import FIELDS_OF, CategoryForm, draft_of, form_of
from kitchenasty.dashboard.menu.offers import house_choices, list_own_mealtimes
from kitchenasty.dashboard.menu.seen import seen_again, seen_in
from kitchenasty.dashboard.menu.sheet_filter import HERE as MENU
from kitchenasty.dashboard.shell import shell_of
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import say, translate
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
    page,
    status_of,
    writing_for,
)
from kitchenasty.kit.principals import Principal, Role

HERE = f"{MENU}/categories"
NEW = "new"
FIELD_WORDS = {
    "name": word("Name"),
    "description": word("Description"),
    "parent_id": word("Part of"),
    "house_id": word("House"),
    "is_active": word("On the menu"),
    "mealtime_ids": word("Mealtimes"),
}
CategoryId = Annotated[str, PathParameter(max_length=64)]


class CategoryPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_tree(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        branches = await menu.list_branches(look)
        return page(
            "dashboard/menu/categories.html",
            shell=shell_of(request, principal),
            principal=principal,
            below=below(branches),
            houses=dict(await house_choices(look, principal)),
            **told_in(request),
        )

    @get("/{category_id:str}")
    async def show_category(
        self, request: WebRequest, look: Reading, principal: Actor, category_id: CategoryId
    ) -> Response[Any]:
        if category_id == NEW:
            parent = request.query_params.get("parent", "")[:36]
            house = next(iter(principal.house_ids or ()), "")
            form = CategoryForm(parent=parent, active="on", house=house)
        else:
            form = form_of(await menu.load_category_entry(look, category_id))
        return await show(request, look, principal, (category_id, form))

    @post("/{category_id:str}", opt=access(Access.MANAGER, reads=CategoryForm))
    async def save_category(
        self, request: WebRequest, principal: Actor, category_id: CategoryId
    ) -> Response[Any]:
        """A refusal shows the form again as it was typed, so the transaction is opened here."""
        form = await read_ticked(request, CategoryForm)
        try:
            async with writing_for(request, principal) as uow:
                saved = await keep(uow, category_id, form)
        except DomainError as refusal:
            async with entrance_of(request).books.reading(principal) as look:
                return await show(request, look, principal, (category_id, form), refusal=refusal)
        return back_to(f"{HERE}/{saved}?saved=yes")

    @post("/{category_id:str}/delete", opt=access(Access.SUPER_ADMIN))
    async def delete(
        self, request: WebRequest, principal: Actor, category_id: CategoryId
    ) -> Response[Any]:
        try:
            async with writing_for(request, principal) as uow:
                await menu.delete_category(uow, category_id)
        except menu.StillInUse as refusal:
            async with entrance_of(request).books.reading(principal) as look:
                form = form_of(await menu.load_category_entry(look, category_id))
                return await show(request, look, principal, (category_id, form), refusal=refusal)
        return back_to(HERE)


async def keep(uow: UnitOfWork, category_id: str, form: CategoryForm) -> str:
    """Answers the id. Raises what a new category and a changed one raise."""
    if category_id == NEW:
        slug = await menu.free_category_slug(uow, form.name)
        fresh = draft_of(form, menu.CategoryDraft(name="", slug=slug, sort_order=LAST))
        return await menu.add_category(uow, fresh)
    now = await menu.load_category_entry(uow, category_id)
    seen = seen_in(form)
    was = now if seen is None else draft_of(seen, now)
    await menu.rewrite_category(uow, category_id, seen=was, wanted=draft_of(form, now))
    return category_id


LAST = 100_000
"""Behind those that were put in order."""


def below(branches: Sequence[menu.Branch]) -> dict[str, list[menu.Branch]]:
    """The categories under each, those at the top under nothing."""
    known = {branch.id for branch in branches}
    found: dict[str, list[menu.Branch]] = defaultdict(list)
    for branch in branches:
        found[branch.parent_id if branch.parent_id in known else ""].append(branch)
    return found


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    typed_in: tuple[str, CategoryForm],
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    category_id, form = typed_in
    entry = None if category_id == NEW else await menu.load_category_entry(look, category_id)
    lost = refusal.details["fields"] if isinstance(refusal, menu.EntryChanged) else []
    branches = await menu.list_branches(look)
    inside = menu.ids_below(branches, category_id)
    paths = menu.shown_path(branches)
    shelf = menu.Shelf(menu.Kind.DISHES, category_id)
    return page(
        "dashboard/menu/category.html",
        status_code=200 if refusal is None else status_of(refusal),
        shell=shell_of(request, principal),
        principal=principal,
        category_id=category_id,
        entry=entry,
        form=form,
        seen="" if entry is None else seen_again(form, form_of(entry), lost, FIELDS_OF),
        dishes=[] if entry is None else await menu.list_shelf(look, shelf),
        parents=[("", "–"), *((one, path) for one, path in paths.items() if one not in inside)],
        house_choices=await house_choices(look, principal),
        mealtimes=[(row.id, row.name) for row, _ in await list_own_mealtimes(look)],
        may_delete=entry is not None and principal.has_role(Role.SUPER_ADMIN),
        saved=request.query_params.get("saved") == "yes",
        problem=None if refusal is None else say(refusal),
        lost=[translate(FIELD_WORDS[name]) for name in lost],
        **told_in(request),
    )
