"""The orders list as a table for a spreadsheet, sent while it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.response import Stream

from basis.kit.data.paging import Cursor, Keyset
from basis.kit.http.wire import amount
from basis.sentences import word
from kitchenasty import audit, locations, orders
from kitchenasty.dashboard.order_filters import EXPORT, LATE, Wanted, status_words
from kitchenasty.dashboard.order_pages import is_late, list_own_houses
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.csv import Cell, begin_csv, csv_rows
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest, Work
from kitchenasty.kit.principals import Principal

FILE = "orders.csv"
PART_LIMIT = 500
HEADER = (
    word("Number"),
    word("House"),
    word("State"),
    word("Way"),
    word("Placed"),
    word("Promised"),
    word("Time zone"),
    word("Guest"),
    word("Phone"),
    word("E-mail"),
    word("Subtotal"),
    word("Delivery fee"),
    word("Discount"),
    word("Tax"),
    word("Tip"),
    word("Total"),
    word("Currency"),
    word("Payment"),
    word("Note"),
)
WAYS = {
    orders.OrderType.DELIVERY: word("Delivery"),
    orders.OrderType.PICKUP: word("Pickup"),
    orders.OrderType.DINE_IN: word("At the table"),
}


class OrderExport(Controller):
    path = EXPORT
    include_in_schema = False

    @get(opt=access(Access.STAFF))
    async def send_orders(self, request: WebRequest, uow: Work, principal: Actor) -> Stream:
        """The list as a table. Names and numbers of guests leave the house here, so the trail says
        who took them, before the first is sent.
        """
        wanted = Wanted.of(request.query_params)
        await audit.record(
            uow, action="export", entity="Order", entity_id=FILE, after=filters_of(wanted)
        )
        houses = {house.id: house for house in await list_own_houses(uow, principal)}
        zone = next((house.zone for house in houses.values()), "UTC")
        today = uow.now.astimezone(ZoneInfo(zone)).date()
        table = Table(houses, words_of_today())
        parts = parts_of(entrance_of(request).books, principal, wanted, zone, table)
        return Stream(
            parts,
            media_type="text/csv",
            headers={"content-disposition": f'attachment; filename="orders-{today}.csv"'},
        )


def filters_of(wanted: Wanted) -> dict[str, str]:
    """What was asked for. A search may be a guest's name, so only that there was one is kept."""
    given = {name: value for name, value in asdict(wanted).items() if value}
    return given | {"search": "yes"} if wanted.search else given


class Table:
    """How an order becomes a row, in the language of the person who asked."""

    def __init__(self, houses: Mapping[str, locations.House], words: Mapping[str, str]) -> None:
        self.houses = houses
        self.words = words

    def header(self) -> list[str]:
        return [self.words[name] for name in HEADER]

    def row(self, order: orders.Order) -> list[Cell]:
        house = self.houses[order.house_id]
        currency = order.currency
        return [
            order.number,
            house.name,
            self.words[status_words(order.order_type)[order.status.value]],
            self.words[WAYS[order.order_type]],
            wall_time(order.placed_at, house.zone),
            wall_time(order.promised_at, house.zone),
            house.zone,
            order.contact.name,
            order.contact.phone,
            order.contact.email,
            amount(order.subtotal_minor, currency),
            amount(order.delivery_fee_minor, currency),
            amount(order.discount_minor, currency),
            amount(order.tax_minor, currency),
            amount(order.tip_minor, currency),
            amount(order.total_minor, currency),
            currency,
            order.payment_method,
            order.note,
        ]


def words_of_today() -> dict[str, str]:
    """All words of the table, looked up before it is sent: by then the language is forgotten."""
    states = [name for kind in orders.OrderType for name in status_words(kind).values()]
    return {text: translate(text) for text in (*HEADER, *states, *WAYS.values())}


async def parts_of(
    books: Books,
    principal: Principal,
    wanted: Wanted,
    zone: str,
    table: Table,
    *,
    limit: int = PART_LIMIT,
) -> AsyncIterator[bytes]:
    """The file in parts of `limit` orders, each read in a look of its own: a slow line holds
    no reader.
    """
    yield begin_csv(table.header())
    asked, after = wanted.to_filter(principal, zone), None
    while True:
        async with books.reading(principal) as look:
            found = await orders.list_orders(look, asked, Keyset(after, limit))
            now = look.now
        shown = [order for order in found if wanted.state != LATE or is_late(order, now)]
        yield csv_rows([table.row(order) for order in shown])
        if len(found) < limit:
            return
        after = Cursor(found[-1].placed_at, found[-1].id)


def wall_time(instant: datetime, zone: str) -> str:
    """`2030-05-17 20:00:00`, which spreadsheets take for a time; the zone has its own column."""
    local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return local.isoformat(" ", "seconds")
