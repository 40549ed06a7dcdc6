"""The list of guests as a table for a spreadsheet, sent while it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.response import Stream

from basis.kit.data.paging import Keyset
from basis.sentences import word
from kitchenasty import audit, guests
from kitchenasty.dashboard.guests.filters import EXPORT, Wanted
from kitchenasty.dashboard.guests.pages import Row, with_orders
from kitchenasty.dashboard.order_export import wall_time
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.csv import Cell, begin_csv, csv_rows
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest, Work
from kitchenasty.kit.principals import Principal

FILE = "guests.csv"
PART_LIMIT = 500
YES, NO = word("yes"), word("no")
HEADER = (
    word("Name"),
    word("E-mail"),
    word("Phone"),
    word("Address confirmed"),
    word("Blocked"),
    word("Guest since"),
    word("Orders"),
    word("Last order"),
    word("Time zone"),
)


class GuestExport(Controller):
    path = EXPORT
    include_in_schema = False

    @get(opt=access(Access.MANAGER))
    async def send_guests(self, request: WebRequest, uow: Work, principal: Actor) -> Stream:
        """Names and numbers leave the house here, so the trail says who took them. Allergies and
        notes stay: nobody needs them in a spreadsheet.
        """
        wanted = Wanted.of(request.query_params)
        asked = {"state": wanted.state, "search": "yes" if wanted.search else ""}
        await audit.record(
            uow,
            action="export",
            entity="Customer",
            entity_id=FILE,
            after={name: value for name, value in asked.items() if value},
        )
        houses = await list_own_houses(uow, principal)
        zone = houses[0].zone if houses else "UTC"
        today = uow.now.astimezone(ZoneInfo(zone)).date()
        words = {text: translate(text) for text in (*HEADER, YES, NO)}
        return Stream(
            parts_of(entrance_of(request).books, principal, wanted, zone, words),
            media_type="text/csv",
            headers={"content-disposition": f'attachment; filename="guests-{today}.csv"'},
        )


async def parts_of(
    books: Books, principal: Principal, wanted: Wanted, zone: str, words: Mapping[str, str]
) -> AsyncIterator[bytes]:
    """The file in parts, each read in a look of its own: a slow line holds no reader."""
    yield begin_csv([words[name] for name in HEADER])
    asked, after = wanted.to_filter(principal), None
    while True:
        async with books.reading(principal) as look:
            found = await guests.list_guests(look, asked, Keyset(after, PART_LIMIT))
            rows = await with_orders(look, found)
        yield csv_rows([cells_of(row, zone, words) for row in rows])
        if len(found) < PART_LIMIT:
            return
        after = found[-1].cursor


def cells_of(row: Row, zone: str, words: Mapping[str, str]) -> list[Cell]:
    guest, regular = row.guest, row.regular
    return [
        guest.name,
        guest.email,
        guest.phone,
        words[YES if guest.is_confirmed else NO],
        words[NO if guest.is_active else YES],
        wall_time(guest.created_at, zone),
        regular.orders if regular else 0,
        wall_time(regular.last_at, zone) if regular else None,
        zone,
    ]
