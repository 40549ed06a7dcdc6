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
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
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
        return office_page(
            "dashboard/menu/categories.html",
            request,
            principal,
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
            return await show(request, look, principal, (NEW, form))
        return await show_now(request, look, principal, category_id)

    @post("/{category_id:str}", opt=access(Access.MANAGER, reads=CategoryForm))
    async def save_category(
        self, request: WebRequest, principal: Actor, category_id: CategoryId
    ) -> Response[Any]:
        form = await read_ticked(request, CategoryForm)
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, category_id, form),
            lambda look, said: show(request, look, principal, (category_id, form), refusal=said),
        )

    @post("/{category_id:str}/delete", opt=access(Access.SUPER_ADMIN))
    async def delete(
        self, request: WebRequest, principal: Actor, category_id: CategoryId
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: delete(uow, category_id),
            lambda look, said: show_now(request, look, principal, category_id, refusal=said),
            refused=menu.StillInUse,
        )


async def keep(uow: UnitOfWork, category_id: str, form: CategoryForm) -> str:
    """Answers the category's page. Raises what a new category and a changed one raise."""
    if category_id == NEW:
        slug = await menu.free_category_slug(uow, form.name)
        fresh = draft_of(form, menu.CategoryDraft(name="", slug=slug, sort_order=LAST))
        return f"{HERE}/{await menu.add_category(uow, fresh)}?saved=yes"
    now = await menu.load_category_entry(uow, category_id)
    seen = seen_in(form)
    was = now if seen is None else draft_of(seen, now)
    await menu.rewrite_category(uow, category_id, seen=was, wanted=draft_of(form, now))
    return f"{HERE}/{category_id}?saved=yes"


async def delete(uow: UnitOfWork, category_id: str) -> str:
    await menu.delete_category(uow, category_id)
    return HERE


LAST = 100_000
"""Behind those that were put in order."""


def below(branches: Sequence[menu.Branch]) -> dict[str, list[menu.Branch]]:
    """The categories under each, those at the top under nothing."""
    known = {branch.id for branch in branches}
    found: dict[str, list[menu.Branch]] = defaultdict(list)
    for branch in branches:
        found[branch.parent_id if branch.parent_id in known else ""].append(branch)
    return found


async def show_now(
    request: WebRequest,
    look: Look,
    principal: Principal,
    category_id: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """As it stands in the books."""
    form = form_of(await menu.load_category_entry(look, category_id))
    return await show(request, look, principal, (category_id, form), refusal=refusal)


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
    return office_page(
        "dashboard/menu/category.html",
        request,
        principal,
        refusal=refusal,
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
        lost=[translate(FIELD_WORDS[name]) for name in lost],
        **told_in(request),
    )
