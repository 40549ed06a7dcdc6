"""Many dishes of the sheet changed at once, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from litestar import Controller, Response, post
from litestar.params import PathParameter, URLEncodedBody

from basis.kit.data.paging import Page
from kitchenasty import menu
from kitchenasty.dashboard.menu.batch_form import BackForm, BatchForm, move_in
from kitchenasty.dashboard.menu.sheet_filter import HERE, Wanted
from kitchenasty.dashboard.menu.sheet_pages import show, wanted_in
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.web import Actor, WebRequest, Work, back_to

DISHES_MAX = 500
BatchId = Annotated[str, PathParameter(max_length=64)]


class BatchPages(Controller):
    path = f"{HERE}/batch"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @post("/", opt=access(Access.MANAGER, reads=BatchForm))
    async def change_many(self, request: WebRequest, principal: Actor) -> Response[Any]:
        data = await read_ticked(request, BatchForm)
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: change(uow, data),
            lambda look, said: show(request, look, principal, wanted_in(data.back), refusal=said),
        )

    @post("/{batch_id:str}/take-back")
    async def take_back(
        self, uow: Work, batch_id: BatchId, data: URLEncodedBody[BackForm]
    ) -> Response[Any]:
        return back_to(told(data.back, await menu.take_back(uow, batch_id)))


async def change(uow: UnitOfWork, form: BatchForm) -> str:
    move = move_in(form, await menu.usual_currency(uow))
    ids = await every_dish(uow, form) if form.every else form.dish
    return told(form.back, await menu.change_many(uow, ids, move))


def told(back: str, batch: menu.Batch) -> str:
    """The list that one came from, with what was done and the way back."""
    facts = {"batch": batch.id, "changed": str(batch.changed), "left": str(batch.left)}
    wanted = wanted_in(back)
    return wanted.address(page=wanted.page, **facts)


async def every_dish(look: Look, form: BatchForm) -> list[str]:
    """All dishes of the list that was looked at; one more than may be changed is refused."""
    branches = await menu.list_branches(look)
    wanted: Wanted = replace(wanted_in(form.back), page=1)
    lines, _ = await menu.list_lines(look, wanted.to_filter(branches), Page(1, DISHES_MAX + 1))
    return [line.id for line in lines]
