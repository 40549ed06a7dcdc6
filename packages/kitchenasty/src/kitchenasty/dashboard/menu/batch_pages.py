"""Many dishes of the sheet changed at once, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from litestar import Controller, Response, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from kitchenasty import menu
from kitchenasty.dashboard.menu.batch_form import BackForm, BatchForm, move_in
from kitchenasty.dashboard.menu.sheet_filter import HERE, Wanted
from kitchenasty.dashboard.menu.sheet_pages import show, wanted_in
from kitchenasty.kit.data.paging import Page
from kitchenasty.kit.data.work import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest, Work, back_to, writing_for

DISHES_MAX = 500
BatchId = Annotated[str, PathParameter(max_length=64)]


class BatchPages(Controller):
    path = f"{HERE}/batch"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @post("/", opt=access(Access.MANAGER, reads=BatchForm))
    async def change_many(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """A refusal shows the sheet again, so the transaction is opened here."""
        data = await read_ticked(request, BatchForm)
        try:
            async with writing_for(request, principal) as uow:
                move = move_in(data, await menu.usual_currency(uow))
                ids = await every_dish(uow, data) if data.every else data.dish
                batch = await menu.change_many(uow, ids, move)
        except DomainError as refusal:
            async with entrance_of(request).books.reading(principal) as look:
                wanted = wanted_in(data.back)
                return await show(request, look, principal, wanted, refusal=refusal)
        return told(data.back, batch)

    @post("/{batch_id:str}/take-back")
    async def take_back(
        self, uow: Work, batch_id: BatchId, data: URLEncodedBody[BackForm]
    ) -> Response[Any]:
        return told(data.back, await menu.take_back(uow, batch_id))


def told(back: str, batch: menu.Batch) -> Response[Any]:
    """The list that one came from, with what was done and the way back."""
    facts = {"batch": batch.id, "changed": str(batch.changed), "left": str(batch.left)}
    wanted = wanted_in(back)
    return back_to(wanted.address(page=wanted.page, **facts))


async def every_dish(look: Look, form: BatchForm) -> list[str]:
    """All dishes of the list that was looked at; one more than may be changed is refused."""
    branches = await menu.list_branches(look)
    wanted: Wanted = replace(wanted_in(form.back), page=1)
    lines, _ = await menu.list_lines(look, wanted.to_filter(branches), Page(1, DISHES_MAX + 1))
    return [line.id for line in lines]
