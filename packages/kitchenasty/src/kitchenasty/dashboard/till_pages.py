"""Counting the drawer and closing the day: cooks and waiters count, managers close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.errors import DomainError
from basis.ids import new_id
from basis.kit.data.idempotency import answer_once
from basis.kit.http.wire import amount
from basis.sentences import word
from kitchenasty import locations, reports, till
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.report_tables import span_words
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.till_form import CLOSE, TillTyped, read_till
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.csv import Cell, begin_csv, csv_rows
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
)
from kitchenasty.kit.principals import Principal, Role

PAGE = "/admin/till"
CLOSED_SHOWN = 14
KIND_WORDS = {
    till.CountKind.COUNT: word("Counted"),
    till.CountKind.CLOSE: word("Closed"),
    till.CountKind.CORRECTION: word("Corrected"),
}
SUMS = (
    (word("In the drawer when the day began"), "float_minor"),
    (word("Cash taken for orders"), "taken_minor"),
    (word("of it tips"), "tips_minor"),
    (word("Cash given back"), "returned_minor"),
    (word("Other cash that came"), "paid_in_minor"),
    (word("Other cash that went"), "paid_out_minor"),
    (word("Should be in the drawer"), "expected_minor"),
    (word("Was counted"), "counted_minor"),
    (word("Difference"), "difference_minor"),
)
HouseId = Annotated[str, PathParameter(max_length=64)]
DayText = Annotated[str, PathParameter(max_length=14)]


@dataclass(frozen=True, slots=True)
class Piece:
    """A coin or note in the form: its value, how it is written, how many were counted."""

    value: int
    words: str
    count: str


class TillPages(Controller):
    path = PAGE
    include_in_schema = False
    opt = access(Access.STAFF)

    @get()
    async def show_houses(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        """Today of each house; of a single one, its drawer at once."""
        houses = await list_own_houses(look, principal)
        if len(houses) == 1:
            return back_to(address_of(houses[0], reports.today_in(look, houses[0])))
        return office_page(
            "dashboard/tills.html",
            request,
            principal,
            days=[await till.look_at_day(look, one, reports.today_in(look, one)) for one in houses],
            address_of=address_of,
            may_close=principal.has_role(Role.MANAGER),
        )

    @get("/{house_id:str}/{day:str}")
    async def show_day(
        self,
        request: WebRequest,
        look: Reading,
        principal: Actor,
        house_id: HouseId,
        day: DayText,
    ) -> Response[Any]:
        house = await locations.load_own_house(look, house_id)
        if day.endswith(".csv"):
            return await send_day(look, house, till.day_in(day.removesuffix(".csv")))
        return await show(request, look, principal, house, till.day_in(day))

    @post("/{house_id:str}/{day:str}")
    async def keep(
        self, request: WebRequest, principal: Actor, house_id: HouseId, day: DayText
    ) -> Response[Any]:
        """What was counted; with the step `close` the day is closed on it. Sent twice with one key,
        it happens once.
        """
        written = read_till((await request.form()).multi_items())
        asked = till.day_in(day)
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep_once(uow, house_id, asked, written),
            lambda look, said: show_refused(request, look, house_id, asked, (written, said)),
        )


async def keep_once(uow: UnitOfWork, house_id: str, day: date, written: TillTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    if written.key:
        await answer_once(
            uow,
            scope=f"{uow.actor.label} POST {address_of(house, day)}",
            key=written.key,
            body=repr(written).encode(),
            act=lambda: keep(uow, house, day, written),
        )
    else:
        await keep(uow, house, day, written)
    return f"{address_of(house, day)}?done={written.step}"


async def keep(
    uow: UnitOfWork, house: locations.House, day: date, written: TillTyped
) -> tuple[int, bytes]:
    """Raises what counting and closing raise, NumberUnreadable, BadAmount."""
    drawer, seen = written.to_drawer(house), written.seen_number
    if written.step == CLOSE:
        await till.close_day(uow, house, day, drawer, reason=written.reason, seen_number=seen)
    else:
        await till.count_drawer(uow, house, day, drawer, seen_number=seen)
    return 303, b""


async def show_refused(
    request: WebRequest,
    look: Look,
    house_id: str,
    day: date,
    refused: tuple[TillTyped, DomainError],
) -> Response[Any]:
    house = await locations.load_own_house(look, house_id)
    return await show(request, look, look.actor, house, day, refused)


async def show(  # what the page shows
    request: WebRequest,
    look: Look,
    principal: Principal,
    house: locations.House,
    day: date,
    refused: tuple[TillTyped, DomainError] | None = None,
) -> Response[Any]:
    found = await till.look_at_day(look, house, day)
    written, refusal = refused or (TillTyped.of(found), None)
    may_close = principal.has_role(Role.MANAGER)
    return office_page(
        "dashboard/till.html",
        request,
        principal,
        refusal=refusal,
        found=found,
        house=house,
        day_words=span_words(day, day),
        is_today=day == reports.today_in(look, house),
        typed=written,
        key=new_id(),
        pieces=list(pieces_of(house, written)),
        may_close=may_close,
        kind_words=KIND_WORDS,
        sums=list(sums_of(found.closed)) if found.closed and may_close else [],
        closed_days=await till.list_closed(look, house, most=CLOSED_SHOWN) if may_close else [],
        address_of=address_of,
        done=request.query_params.get("done", ""),
    )


def pieces_of(house: locations.House, written: TillTyped) -> Iterator[Piece]:
    for value in till.pieces_of(house.currency):
        major = amount(value, house.currency)
        words = f"{major:f}" if major % 1 else f"{major:.0f}"
        yield Piece(value, words, written.pieces.get(value, ""))


def sums_of(count: till.CashCount) -> Iterator[tuple[str, int]]:
    return ((translate(words), getattr(count, name)) for words, name in SUMS)


async def send_day(look: Look, house: locations.House, day: date) -> Response[bytes]:
    """Every count of the day, for the books. For managers. Raises NotYoursToClose."""
    if not look.actor.has_role(Role.MANAGER):
        raise till.NotYoursToClose("Managers and owners see what should be in the drawer.")
    found = await till.look_at_day(look, house, day)
    header = [
        translate("Day"),
        translate("House"),
        translate("What was done"),
        translate("Number"),
        *(translate(words) for words, _ in SUMS),
        translate("Currency"),
        translate("Reason"),
        translate("By whom"),
        translate("When (UTC)"),
    ]
    rows: list[list[Cell]] = [
        [
            day.isoformat(),
            house.name,
            translate(KIND_WORDS[one.kind]),
            one.close_number,
            *(amount(minor, one.currency) for _, minor in sums_of(one)),
            one.currency,
            one.reason,
            one.made_by_name,
            one.made_at,
        ]
        for one in found.counts
    ]
    return Response(
        begin_csv(header) + csv_rows(rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="till-{house.slug}-{day}.csv"'},
    )


def address_of(house: locations.House, day: date) -> str:
    return f"{PAGE}/{house.id}/{day}"
