"""How a house takes reservations: its terms, tables that are pushed together, and blocked times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.http.wire import Form
from kitchenasty import availability, floor, locations, reservation_calendars, reservation_terms
from kitchenasty.dashboard.houses.frame import HERE, Tab, house_page
from kitchenasty.dashboard.houses.terms_form import TermsTyped, terms_in, typed_of
from kitchenasty.dashboard.typed_numbers import whole_in
from kitchenasty.dashboard.week_days import day_choices
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    WebRequest,
    Work,
    back_to,
    site_of,
    writing_for,
)
from kitchenasty.kit.principals import Principal

BLOCKS_AHEAD = timedelta(days=3_660)
HouseId = Annotated[str, PathParameter(max_length=64)]
CombinationId = Annotated[str, PathParameter(max_length=64)]
CalendarId = Annotated[str, PathParameter(max_length=64)]
BlockId = Annotated[str, PathParameter(max_length=64)]
Short = Annotated[str, msgspec.Meta(max_length=40)]
TableIds = Annotated[list[Annotated[str, msgspec.Meta(max_length=64)]], msgspec.Meta(max_length=40)]


class CombinationTyped(Form, kw_only=True):
    name: Short = ""
    seats: Short = ""
    seats_min: Short = ""
    tables: TableIds = msgspec.field(default_factory=list)


class ApartTyped(Form, kw_only=True):
    """`combination_id`: the one that some still have."""

    they_keep_it: Short = ""
    combination_id: Annotated[str, msgspec.Meta(max_length=64)] = ""


class BlockTyped(Form, kw_only=True):
    """`since` and `until` are times on the wall of the house, as a browser sends them."""

    since: Short = ""
    until: Short = ""
    reason: Annotated[str, msgspec.Meta(max_length=120)] = ""
    tables: TableIds = msgspec.field(default_factory=list)


class CalendarTyped(Form, kw_only=True):
    details: Annotated[str, msgspec.Meta(max_length=15)] = ""


class TermsPages(Controller):
    path = f"{HERE}/{{house_id:str}}/reservations"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_terms(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        return await show(request, principal, house_id)

    @post("/", opt=access(Access.MANAGER, reads=TermsTyped))
    async def set_terms(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        data = await read_ticked(request, TermsTyped)
        try:
            async with writing_for(request, principal) as uow:
                house = await locations.load_own_house(uow, house_id)
                await reservation_terms.set_terms(uow, house_id, terms_in(data, house))
        except (Conflict, Invalid) as refusal:
            return await show(request, principal, house_id, typed=data, refusal=refusal)
        return back_to(f"{HERE}/{house_id}/reservations?saved=yes")

    @post("/combinations")
    async def combine(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        form = await read_ticked(request, CombinationTyped)
        try:
            async with writing_for(request, principal) as uow:
                await locations.load_own_house(uow, house_id)
                await availability.combine(
                    uow,
                    house_id,
                    form.name,
                    form.tables,
                    seats=whole_in(form.seats),
                    seats_min=whole_in(form.seats_min),
                )
        except (Conflict, Invalid) as refusal:
            return await show(request, principal, house_id, wanted=form, refusal=refusal)
        return back_to(f"{HERE}/{house_id}/reservations?saved=yes#together")

    @post("/combinations/{combination_id:str}/remove")
    async def take_apart(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        combination_id: CombinationId,
    ) -> Response[Any]:
        form = await read_ticked(request, ApartTyped)
        try:
            async with writing_for(request, principal) as uow:
                await availability.take_apart(
                    uow, house_id, combination_id, they_keep_it=bool(form.they_keep_it)
                )
        except locations.TableExpected as refusal:
            still_had = ApartTyped(combination_id=combination_id)
            return await show(request, principal, house_id, wanted=still_had, refusal=refusal)
        return back_to(f"{HERE}/{house_id}/reservations#together")

    @post("/blocks")
    async def block(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        form = await read_ticked(request, BlockTyped)
        try:
            async with writing_for(request, principal) as uow:
                house = await locations.load_own_house(uow, house_id)
                period = instant_in(house, form.since), instant_in(house, form.until)
                await floor.block(uow, house.id, form.tables, period, form.reason)
        except (Conflict, Invalid) as refusal:
            return await show(request, principal, house_id, wanted=form, refusal=refusal)
        return back_to(f"{HERE}/{house_id}/reservations?saved=yes#blocked")

    @post("/blocks/{block_id:str}/remove")
    async def unblock(self, uow: Work, house_id: HouseId, block_id: BlockId) -> Response[Any]:
        await floor.unblock(uow, house_id, block_id)
        return back_to(f"{HERE}/{house_id}/reservations#blocked")

    @post("/calendars")
    async def make_calendar(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[CalendarTyped],
    ) -> Response[Any]:
        try:
            async with writing_for(request, principal) as uow:
                await reservation_calendars.make_link(
                    uow, house_id, shows_details=bool(data.details)
                )
        except Conflict as refusal:
            return await show(request, principal, house_id, refusal=refusal)
        return back_to(f"{HERE}/{house_id}/reservations?saved=yes#calendars")

    @post("/calendars/{calendar_id:str}/remove")
    async def end_calendar(
        self, uow: Work, house_id: HouseId, calendar_id: CalendarId
    ) -> Response[Any]:
        await reservation_calendars.end_link(uow, house_id, calendar_id)
        return back_to(f"{HERE}/{house_id}/reservations#calendars")


async def show(
    request: WebRequest,
    principal: Principal,
    house_id: str,
    *,
    typed: TermsTyped | None = None,
    wanted: CombinationTyped | ApartTyped | BlockTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """What was refused stands there as it was typed."""
    async with entrance_of(request).books.reading(principal) as look:
        house = await locations.load_own_house(look, house_id)
        tables = await locations.list_tables(look, house.id)
        terms = await reservation_terms.load_terms(look, house.id)
        is_own = await reservation_terms.has_own_terms(look, house.id)
        takes_cards = await reservation_terms.takes_cards(look)
        return house_page(
            request,
            look,
            house,
            Tab.TERMS,
            refusal=refusal,
            typed=typed or typed_of(terms, house, is_own=is_own),
            letter_words=reservation_terms.LETTER_WORDS,
            ask_choices=ask_choices(terms, takes_cards=takes_cards),
            takes_cards=takes_cards or terms.ask is not reservation_terms.Ask.CARD,
            days=day_choices(),
            takes_money=await reservation_terms.takes_money(look),
            intervals=[(minutes, minutes) for minutes in reservation_terms.INTERVALS],
            tables=[table for table in tables if table.is_active],
            names={table.id: table.name for table in tables},
            combinations=await availability.list_combinations(look, house.id),
            blocks=await list_blocks(look, house),
            **typed_in(wanted),
            calendars=await reservation_calendars.list_links(look, house.id),
            public_url=site_of(request),
            zone=house.zone,
            saved=request.query_params.get("saved", "") if refusal is None else "",
        )


def typed_in(wanted: CombinationTyped | ApartTyped | BlockTyped | None) -> dict[str, Any]:
    """Each by the name that the page knows it by."""
    return {
        "combination": wanted if isinstance(wanted, CombinationTyped) else None,
        "apart": wanted.combination_id if isinstance(wanted, ApartTyped) else "",
        "blocking": wanted if isinstance(wanted, BlockTyped) else None,
    }


def ask_choices(terms: reservation_terms.Terms, *, takes_cards: bool) -> list[tuple[str, str]]:
    """A card only where a provider keeps cards, or as long as the house has chosen it."""
    return [
        (one.value, translate(words))
        for one, words in reservation_terms.ASK_WORDS.items()
        if one is not reservation_terms.Ask.CARD or takes_cards or terms.ask is one
    ]


async def list_blocks(
    look: Look, house: locations.House
) -> list[tuple[availability.Stay, list[str]]]:
    """Each block that is not over, with the ids of its tables."""
    period = look.now, look.now + BLOCKS_AHEAD
    blocks: dict[str, tuple[availability.Stay, list[str]]] = {}
    for stay in await availability.list_blocked(look, house.id, period):
        if stay.block_id is not None:
            blocks.setdefault(stay.block_id, (stay, []))[1].append(stay.table_id)
    return list(blocks.values())


def instant_in(house: locations.House, text: str) -> datetime:
    """`2030-05-17T18:00` on the wall of the house. Raises WishRefused."""
    try:
        wall = datetime.fromisoformat(text)
        return wall.replace(tzinfo=ZoneInfo(house.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise availability.WishRefused("Please choose a date and a time.") from None
