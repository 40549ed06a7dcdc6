"""The tables of a house: many added in one line, each changed by itself."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.http.wire import Form
from kitchenasty import locations
from kitchenasty.dashboard.houses.frame import HERE, Tab, house_page
from kitchenasty.dashboard.typed_numbers import whole_in, whole_or_none
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.principals import Role

HouseId = Annotated[str, PathParameter(max_length=64)]
TableId = Annotated[str, PathParameter(max_length=64)]
Short = Annotated[str, msgspec.Meta(max_length=40)]


class TableTyped(Form, kw_only=True):
    """A table as typed; for new ones `name` may be many: `1-12, Bar`."""

    name: Annotated[str, msgspec.Meta(max_length=400)] = ""
    seats: Short = "4"
    seats_min: Short = ""
    area: Short = ""
    position: Short = ""
    is_active: Short = ""
    they_keep_it: Short = ""


class TablePages(Controller):
    path = f"{HERE}/{{house_id:str}}/tables"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_tables(
        self, request: WebRequest, look: Reading, house_id: HouseId
    ) -> Response[Any]:
        return await show(request, look, house_id)

    @post("/")
    async def add_tables(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[TableTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: add(uow, house_id, data),
            lambda look, said: show(request, look, house_id, typed=data, refusal=said),
            refused=(Invalid, Conflict),
        )

    @get("/{table_id:str}")
    async def show_table(
        self,
        request: WebRequest,
        look: Reading,
        house_id: HouseId,
        table_id: TableId,
    ) -> Response[Any]:
        house = await locations.load_own_house(look, house_id)
        table = await locations.load_table(look, house.id, table_id)
        return await show(request, look, house_id, table_id=table_id, typed=form_of(table))

    @post("/{table_id:str}")
    async def change_table(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        table_id: TableId,
        data: URLEncodedBody[TableTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: change(uow, house_id, table_id, data),
            lambda look, said: show(
                request, look, house_id, table_id=table_id, typed=data, refusal=said
            ),
            refused=(Invalid, Conflict),
        )

    @post("/{table_id:str}/remove", opt=access(Access.SUPER_ADMIN))
    async def remove_table(
        self, request: WebRequest, principal: Actor, house_id: HouseId, table_id: TableId
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: remove(uow, house_id, table_id),
            lambda look, said: show(request, look, house_id, refusal=said),
            refused=Conflict,
        )


async def add(uow: UnitOfWork, house_id: str, form: TableTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    drafts = [draft_of(form, name) for name in locations.read_names(form.name)]
    await locations.add_tables(uow, house.id, drafts)
    return f"{HERE}/{house_id}/tables?added={len(drafts)}"


async def change(uow: UnitOfWork, house_id: str, table_id: str, form: TableTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    table = await locations.load_table(uow, house.id, table_id)
    await locations.change_table(
        uow, house.id, table.id, changes_in(form, table), they_keep_it=bool(form.they_keep_it)
    )
    return f"{HERE}/{house_id}/tables?saved={table_id}"


async def remove(uow: UnitOfWork, house_id: str, table_id: str) -> str:
    house = await locations.load_own_house(uow, house_id)
    await locations.remove_table(uow, house.id, table_id)
    return f"{HERE}/{house_id}/tables"


async def show(
    request: WebRequest,
    look: Look,
    house_id: str,
    *,
    table_id: str = "",
    typed: TableTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """The list with the form of new tables, or with that of the one that is changed."""
    house = await locations.load_own_house(look, house_id)
    tables = await locations.list_tables(look, house.id)
    in_use = [table for table in tables if table.is_active]
    return house_page(
        request,
        look,
        house,
        Tab.TABLES,
        refusal=refusal,
        tables=tables,
        count=len(in_use),
        seats=sum(table.seats for table in in_use),
        areas=sorted({table.area for table in tables} - {""}),
        table_id=table_id,
        form=typed or TableTyped(is_active="on"),
        added=request.query_params.get("added", "")[:3],
        saved=request.query_params.get("saved", ""),
        asks_who_keeps_it=isinstance(refusal, locations.TableExpected),
        may_remove=look.actor.has_role(Role.SUPER_ADMIN),
    )


def form_of(table: locations.Table) -> TableTyped:
    return TableTyped(
        name=table.name,
        seats=str(table.seats),
        seats_min=str(table.seats_min),
        area=table.area,
        position=str(table.position),
        is_active="on" if table.is_active else "",
    )


def draft_of(form: TableTyped, name: str) -> locations.TableDraft:
    """Raises NumberUnreadable."""
    return locations.TableDraft(
        name=name,
        seats=whole_in(form.seats),
        seats_min=whole_or_none(form.seats_min) or 1,
        area=form.area,
    )


def changes_in(form: TableTyped, table: locations.Table) -> dict[str, Any]:
    """Raises NumberUnreadable."""
    return {
        "name": form.name,
        "seats": whole_in(form.seats),
        "seats_min": whole_or_none(form.seats_min) or 1,
        "area": form.area,
        "position": whole_or_none(form.position) or table.position,
        "is_active": bool(form.is_active),
    }
