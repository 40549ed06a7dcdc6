"""The plan of the rooms: what each table is now, people seated in two taps, tables moved about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Template

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.texts import one_line
from kitchenasty import availability, floor, locations
from kitchenasty.dashboard.tables.book import open_book
from kitchenasty.dashboard.tables.day_pages import PARTY_SIZES, live_of, undo_of
from kitchenasty.dashboard.tables.frame import HERE, HouseId, Tab, address, frame_of
from kitchenasty.dashboard.tables.plan import rooms_of
from kitchenasty.dashboard.tables.signs import TABLE_SIGNS, TABLE_WORDS
from kitchenasty.dashboard.typed_numbers import whole_in
from kitchenasty.floor import TablePlace
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest, back_to, page, writing_for
from kitchenasty.kit.principals import Principal, Role

FIELDS_MAX, LENGTH_MAX = 5_000, 100
NUMBERS = ("x", "y", "width", "height")


class PlanPages(Controller):
    path = f"{HERE}/{{house_id:str}}/plan"
    include_in_schema = False
    opt = access(Access.STAFF)

    @get("/")
    async def show_plan(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        return await show(request, principal, house_id, table=request.query_params.get("table", ""))

    @get("/edit", opt=access(Access.MANAGER))
    async def show_editor(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        return await show(request, principal, house_id, is_edited=True)

    @post("/edit", opt=access(Access.MANAGER))
    async def place_tables(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        sent = await request.form()
        try:
            async with writing_for(request, principal) as uow:
                house = await locations.load_own_house(uow, house_id)
                known = [table.id for table in await locations.list_tables(uow, house.id)]
                places = read_places(sent.multi_items(), known)
                await floor.place_tables(uow, house.id, places)
        except (Conflict, Invalid) as refusal:
            return await show(request, principal, house_id, is_edited=True, refusal=refusal)
        return back_to(address(house_id, Tab.PLAN, told="placed"))


async def show(
    request: WebRequest,
    principal: Principal,
    house_id: str,
    *,
    table: str = "",
    is_edited: bool = False,
    refusal: DomainError | None = None,
) -> Template:
    """The plan as it is now; `table` is the one that was tapped."""
    asked = request.query_params
    async with entrance_of(request).books.reading(principal, snapshot=True) as look:
        house = await locations.load_own_house(look, house_id)
        day = availability.service_day(house.hours, look.now)
        book = await open_book(look, house, day)
        places = await floor.list_places(look, book.tables)
        rooms = rooms_of(book, places, look.now)
        context = await frame_of(request, look, house, Tab.PLAN, day)
        context |= await live_of(request, look, house)
    standing = [one for room in rooms for one in room.tables]
    return page(
        "dashboard/tables/edit.html" if is_edited else "dashboard/tables/plan.html",
        refusal=refusal,
        **context,
        here=address(house_id, Tab.PLAN, table=table),
        rooms=rooms,
        tapped=next((one for one in standing if one.table.id == table), None),
        just_seated=book.find(asked.get("seated", "")),
        sizes=PARTY_SIZES,
        table_words=TABLE_WORDS,
        table_signs=TABLE_SIGNS,
        may_edit=principal.has_role(Role.MANAGER),
        told=asked.get("told", "") if refusal is None else "",
        undo=undo_of(request, book.find(asked.get("party", ""))) if refusal is None else None,
    )


def read_places(
    fields: Iterable[tuple[str, object]], known: Iterable[str]
) -> dict[str, TablePlace]:
    """What stands in the form for each table of the house, like `x-<id>`. Raises
    NumberUnreadable; tables that the form does not name are left out.
    """
    texts = [(name, one_line(text)) for name, text in fields if isinstance(text, str)]
    said = {name: text for name, text in texts[:FIELDS_MAX] if len(text) <= LENGTH_MAX}
    return {
        table_id: TablePlace(
            **{name: whole_in(said.get(f"{name}-{table_id}", "")) for name in NUMBERS},
            is_round=said.get(f"shape-{table_id}") == "round",
        )
        for table_id in known
        if f"x-{table_id}" in said
    }
