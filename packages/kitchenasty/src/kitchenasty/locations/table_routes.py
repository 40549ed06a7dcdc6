"""The API's doors to the tables of a house."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work
from kitchenasty.kit.principals import Scope
from kitchenasty.locations import queries, table_service
from kitchenasty.locations.queries import load_own_house
from kitchenasty.locations.table_schemas import NewTable, TablePatch, TableView

HouseId = Annotated[str, PathParameter(max_length=64)]
TableId = Annotated[str, PathParameter(max_length=64)]
WRITES = access(Access.MANAGER, key=Scope.HOUSES_WRITE)


class TablesApi(ApiController):
    path = "/api/locations/{house_id:str}/tables"
    tags = ["Locations"]

    @get(opt=access(Access.PUBLIC, key=Scope.HOUSES_READ), operation_id="ListTables")
    async def list_tables(self, look: Reading, house_id: HouseId) -> Envelope[list[TableView]]:
        """The tables in the order of the house; those that are off are shown to its staff alone."""
        return ok(await views_of(look, house_id))

    @get(
        "/{table_id:str}",
        opt=access(Access.PUBLIC, key=Scope.HOUSES_READ),
        operation_id="ShowTable",
    )
    async def show_table(
        self, look: Reading, house_id: HouseId, table_id: TableId
    ) -> Envelope[TableView]:
        """One table."""
        for view in await views_of(look, house_id):
            if view.id == table_id:
                return ok(view)
        raise table_service.TableNotFound("This house has no such table.")

    @post(opt=WRITES, operation_id="AddTable")
    async def add_table(
        self, uow: Work, house_id: HouseId, data: JSONBody[NewTable]
    ) -> Envelope[TableView]:
        """Put up a table; its name is used once in a house."""
        house = await load_own_house(uow, house_id)
        [table] = await table_service.add_tables(uow, house.id, [data.to_draft()])
        return ok(TableView.of(table, kept=0))

    @patch("/{table_id:str}", opt=WRITES, operation_id="ChangeTable")
    async def change_table(
        self, uow: Work, house_id: HouseId, table_id: TableId, data: JSONBody[TablePatch]
    ) -> Envelope[TableView]:
        """Change what is given. Who is expected at a table that is switched off is named first."""
        house = await load_own_house(uow, house_id)
        table = await table_service.change_table(
            uow, house.id, table_id, data.to_changes(), they_keep_it=data.parties_keep_it
        )
        kept = await queries.count_stays_of(uow, [table.id])
        return ok(TableView.of(table, kept=kept[table.id]))

    @delete(
        "/{table_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="DeleteTable",
    )
    async def delete_table(self, uow: Work, house_id: HouseId, table_id: TableId) -> Envelope[None]:
        """Take a table away for good; switching it off keeps it."""
        house = await load_own_house(uow, house_id)
        await table_service.remove_table(uow, house.id, table_id)
        return done("Table deleted")


async def views_of(look: Look, house_id: str) -> list[TableView]:
    """The tables that whoever asks may see."""
    tables = await table_service.list_tables(look, house_id)
    for_staff = look.actor.may_see_house(house_id)
    kept = await queries.count_stays_of(look, [one.id for one in tables]) if for_staff else {}
    return [
        TableView.of(one, kept=kept.get(one.id, 0) if for_staff else None)
        for one in tables
        if for_staff or one.is_active
    ]
