"""When dishes are served: the list of mealtimes, and the page of one."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.errors import DomainError
from basis.sentences import word
from kitchenasty import menu
from kitchenasty.dashboard.menu.mealtime_form import (
    FIELDS_OF,
    MealtimeForm,
    draft_of,
    form_of,
    wall,
)
from kitchenasty.dashboard.menu.offers import house_choices, list_own_mealtimes
from kitchenasty.dashboard.menu.seen import seen_again, seen_in
from kitchenasty.dashboard.menu.sheet_filter import HERE as MENU
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.week_days import day_choices, told_days
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
from kitchenasty.kit.principals import Principal, Role

HERE = f"{MENU}/mealtimes"
NEW = "new"
FIELD_WORDS = {
    "name": word("Name"),
    "starts": word("From"),
    "ends": word("To"),
    "days": word("Days"),
    "house_id": word("House"),
    "is_active": word("In use"),
}
MealtimeId = Annotated[str, PathParameter(max_length=64)]


class MealtimePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_mealtimes(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return office_page(
            "dashboard/menu/mealtimes.html",
            request,
            principal,
            rows=await list_own_mealtimes(look),
            houses=dict(await house_choices(look, principal)),
            wall=wall,
            told_days=told_days,
            saved=request.query_params.get("saved", ""),
        )

    @get("/{mealtime_id:str}")
    async def show_mealtime(
        self, request: WebRequest, look: Reading, principal: Actor, mealtime_id: MealtimeId
    ) -> Response[Any]:
        if mealtime_id == NEW:
            house = next(iter(principal.house_ids or ()), "")
            every_day = [code for code, _ in day_choices()]
            form = MealtimeForm(days=every_day, house=house, active="on")
        else:
            form = form_of(await menu.load_mealtime_entry(look, mealtime_id))
        return await show(request, look, principal, (mealtime_id, form))

    @post("/{mealtime_id:str}", opt=access(Access.MANAGER, reads=MealtimeForm))
    async def save_mealtime(
        self, request: WebRequest, principal: Actor, mealtime_id: MealtimeId
    ) -> Response[Any]:
        form = await read_ticked(request, MealtimeForm)
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, mealtime_id, form),
            lambda look, said: show(request, look, principal, (mealtime_id, form), refusal=said),
        )

    @post("/{mealtime_id:str}/delete", opt=access(Access.SUPER_ADMIN))
    async def delete(self, uow: Work, mealtime_id: MealtimeId) -> Response[Any]:
        await menu.delete_mealtime(uow, mealtime_id)
        return back_to(HERE)


async def keep(uow: UnitOfWork, mealtime_id: str, form: MealtimeForm) -> str:
    """Answers the list with it. Raises what a new mealtime and a changed one raise."""
    if mealtime_id == NEW:
        return f"{HERE}?saved={await menu.add_mealtime(uow, draft_of(form))}"
    seen = seen_in(form)
    was = await menu.load_mealtime_entry(uow, mealtime_id) if seen is None else draft_of(seen)
    await menu.rewrite_mealtime(uow, mealtime_id, seen=was, wanted=draft_of(form))
    return f"{HERE}?saved={mealtime_id}"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    typed_in: tuple[str, MealtimeForm],
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    mealtime_id, form = typed_in
    is_new = mealtime_id == NEW
    now = None if is_new else form_of(await menu.load_mealtime_entry(look, mealtime_id))
    lost = refusal.details["fields"] if isinstance(refusal, menu.EntryChanged) else []
    return office_page(
        "dashboard/menu/mealtime.html",
        request,
        principal,
        refusal=refusal,
        mealtime_id=mealtime_id,
        is_new=is_new,
        form=form,
        seen="" if now is None else seen_again(form, now, lost, FIELDS_OF),
        day_choices=day_choices(),
        house_choices=await house_choices(look, principal),
        may_delete=not is_new and principal.has_role(Role.SUPER_ADMIN),
        lost=[translate(FIELD_WORDS[name]) for name in lost],
    )
