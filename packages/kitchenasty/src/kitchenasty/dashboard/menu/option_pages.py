"""The option groups of the menu, and which dishes have them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form
from basis.sentences import word
from kitchenasty import menu
from kitchenasty.dashboard.menu.group_form import (
    VALUES_MAX,
    GroupForm,
    draft_of,
    form_of,
    seen_draft,
)
from kitchenasty.dashboard.menu.sheet_filter import HERE as MENU
from kitchenasty.dashboard.menu.sheet_pages import load_legend, worded
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
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

HERE = f"{MENU}/options"
NEW = "new"
EMPTY_LINES = 4
DISHES_MAX = 500
DISPLAY_LABELS: dict[str, str] = {
    menu.Display.SELECT: word("One, from a list"),
    menu.Display.RADIO: word("One, each with a button"),
    menu.Display.CHECKBOX: word("Several, each once"),
    menu.Display.QUANTITY: word("Several, any number of each"),
}
GroupId = Annotated[str, PathParameter(max_length=64)]
DishId = Annotated[str, PathParameter(max_length=64)]
Short = Annotated[str, msgspec.Meta(max_length=40)]


class LinkForm(Form, kw_only=True):
    """`step`: give, take, own (a copy of its own), up or down."""

    group: Short = ""
    step: Short = ""


class OptionPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_groups(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return office_page(
            "dashboard/menu/groups.html",
            request,
            principal,
            groups=await menu.list_shared_groups(look),
            displays=dict(worded(DISPLAY_LABELS)),
            currency=await menu.usual_currency(look),
            saved=request.query_params.get("saved", ""),
        )

    @get("/{group_id:str}")
    async def show_group(
        self, request: WebRequest, look: Reading, principal: Actor, group_id: GroupId
    ) -> Response[Any]:
        if group_id == NEW:
            dish_id = request.query_params.get("dish", "")[:36]
            form = GroupForm(dishes=[dish_id] if dish_id else [])
        else:
            group = await menu.load_shared_group(look, group_id)
            form = form_of(group.draft, tuple(group.dishes), await load_legend(look))
        return await show(request, look, principal, (group_id, form))

    @post("/{group_id:str}", opt=access(Access.MANAGER, reads=GroupForm))
    async def save_group(
        self, request: WebRequest, principal: Actor, group_id: GroupId
    ) -> Response[Any]:
        form = await read_ticked(request, GroupForm)
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, group_id, form),
            lambda look, said: show(request, look, principal, (group_id, form), refusal=said),
        )

    @post("/{group_id:str}/put-away")
    async def put_away(self, uow: Work, group_id: GroupId) -> Response[Any]:
        await menu.put_away_group(uow, group_id)
        return back_to(HERE)


class DishOptionPages(Controller):
    path = f"{MENU}/dishes/{{dish_id:str}}/options"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @post("/")
    async def change_links(
        self, uow: Work, dish_id: DishId, data: URLEncodedBody[LinkForm]
    ) -> Response[Any]:
        """Give a dish a group, take it off, part it from the others, or move it in the order."""
        if data.step == "give":
            await menu.link_group(uow, dish_id, data.group)
        elif data.step == "take":
            await menu.take_off_group(uow, dish_id, data.group)
        elif data.step == "own":
            await menu.copy_group(uow, dish_id, data.group)
        else:
            await menu.order_groups(uow, dish_id, await moved(uow, dish_id, data))
        return back_to(f"{MENU}/dishes/{dish_id}#options-title")


async def moved(look: Look, dish_id: str, form: LinkForm) -> list[str]:
    """The groups of a dish with one of them a place further up or down."""
    entry = await menu.load_entry(look, dish_id)
    ids = [group.id or "" for group in entry.options]
    if form.group in ids:
        place = ids.index(form.group)
        ids.insert(max(0, place + (1 if form.step == "down" else -1)), ids.pop(place))
    return ids


async def keep(uow: UnitOfWork, group_id: str, form: GroupForm) -> str:
    """Answers the list with it. Raises what a draft, a new group and a changed one raise."""
    legend = await load_legend(uow)
    if group_id == NEW:
        draft = draft_of(form, None, legend)
        return f"{HERE}?saved={await menu.add_shared_group(uow, draft, set(form.dishes))}"
    now = await menu.load_shared_group(uow, group_id)
    await menu.change_shared_group(
        uow,
        group_id,
        seen=seen_draft(form, group_id, legend) or now.draft,
        wanted=draft_of(form, group_id, legend),
        dish_ids=set(form.dishes),
    )
    return f"{HERE}?saved={group_id}"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    typed_in: tuple[str, GroupForm],
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """The page of one group; after a refusal as it was typed, over what stands there now."""
    group_id, form = typed_in
    group = None if group_id == NEW else await menu.load_shared_group(look, group_id)
    now = group and form_of(group.draft, tuple(group.dishes), await load_legend(look))
    lines, _ = await menu.list_lines(look, menu.SheetFilter(), Page(1, DISHES_MAX))
    return office_page(
        "dashboard/menu/group.html",
        request,
        principal,
        refusal=refusal,
        group_id=group_id,
        group=group,
        form=form,
        seen="" if now is None else msgspec.json.encode(now).decode(),
        lines=range(min(len(form.value_name) + EMPTY_LINES, VALUES_MAX)),
        at=text_at,
        displays=worded(DISPLAY_LABELS),
        dish_choices=[(line.id, line.cells.name) for line in lines],
        currency=await menu.usual_currency(look),
    )


def text_at(texts: list[str], place: int) -> str:
    """Nothing where a list has ended."""
    return texts[place] if place < len(texts) else ""
