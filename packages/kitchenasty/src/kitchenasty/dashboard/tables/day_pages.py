"""The day for those on the floor: the timeline, the list of parties, and the panel of one party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get
from litestar.response import Template

from basis.errors import DomainError
from basis.sentences import word
from kitchenasty import (
    availability,
    deposits,
    locations,
    orders,
    reservation_terms,
    reservations,
    waitlist,
)
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.tables.book import DayBook, Party, due_of, open_book, shown_day
from kitchenasty.dashboard.tables.frame import DAY, HERE, HouseId, Tab, address, frame_of
from kitchenasty.dashboard.tables.signs import (
    PARTY_KINDS,
    PARTY_SIGNS,
    PARTY_WORDS,
    SECURED_SIGNS,
    SECURED_WORDS,
)
from kitchenasty.dashboard.typed_numbers import typed
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, back_to, page
from kitchenasty.kit.live import head_of
from kitchenasty.kit.principals import Principal, Role
from kitchenasty.reservations import Status

SITS_ON = timedelta(minutes=15)
PARTY_SIZES = tuple(range(1, 9))
LONGER = (15, 30, 60)
WHAT_WORDS = {
    "book": word("Written down"),
    "walk_in": word("Came in and was seated"),
    "change": word("Changed"),
    "resize": word("Another number of people"),
    "put": word("Moved to another table"),
    "stay": word("Another end"),
    "note": word("Notes changed"),
    "ask_deposit": word("A deposit was asked for"),
    "deposit": word("The deposit came"),
    "deposit_waived": word("Kept without a deposit"),
    "deposit_paid": word("Paid"),
    "deposit_returned": word("Deposit given back"),
    "deposit_used": word("Deposit taken off the bill"),
    "deposit_kept": word("Deposit kept by the house"),
    "deposit_let_go": word("Deposit is the guest's again"),
    "deposit_again": word("Asked the provider again"),
    "deposit_by_hand": word("Given back by hand"),
    "deposit_seen": word("Another sum, settled at the provider"),
    "deposit_charged": word("The fee was charged to their card"),
    "card": word("The card was left"),
    "fee_asked": word("The fee is to be charged"),
    "fee_declined": word("The bank declined the fee"),
    "lapse": word("Nothing came in time"),
    "revive": word("It came late, and a table was free"),
    **{status.value.lower(): words for status, words in reservations.STATUS_WORDS.items()},
}
STEPS = {
    Status.CONFIRMED: ("confirm", "circle-check"),
    Status.SEATED: ("seat", "users"),
    Status.COMPLETED: ("leave", "check"),
    Status.NO_SHOW: ("absent", "eye-off"),
}


class DayPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.STAFF)

    @get("/")
    async def choose_house(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        """Straight to the first house that one works in; the page leads to the others."""
        houses = await list_own_houses(look, principal)
        if houses:
            first = next((one for one in houses if one.is_active), houses[0])
            return back_to(address(first.id))
        return office_page("dashboard/tables/nowhere.html", request, principal)

    @get("/{house_id:str}")
    async def show_day(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        asked = request.query_params
        return await show(
            request, principal, house_id, day=asked.get("day", ""), party=asked.get("party", "")
        )


async def show(
    request: WebRequest,
    principal: Principal,
    house_id: str,
    *,
    day: str = "",
    party: str = "",
    refusal: DomainError | None = None,
) -> Template:
    """The day, with the panel of one party where it was asked for."""
    async with entrance_of(request).books.reading(principal, snapshot=True) as look:
        house = await locations.load_own_house(look, house_id)
        shown = shown_day(house, day, look.now)
        book = await open_book(look, house, shown)
        found = book.find(party)
        context = await frame_of(request, look, house, Tab.DAY, shown)
        context |= await live_of(request, look, house)
        context["waiting"] = await list_waiting(look, book)
        context["to_review"] = await find_to_review(look, house)
        context["is_tonight"] = is_tonight(look, book)
        if found is not None:
            context |= await panel_of(look, book, found)
    return page(
        "dashboard/tables/day.html",
        refusal=refusal,
        **context,
        book=book,
        open_party=found,
        # Where it is read again from: after a refusal the page stands at the address of a form.
        here=address(house.id, day=shown.isoformat(), party=party),
        before=address(house.id, day=(shown - DAY).isoformat()),
        after=address(house.id, day=(shown + DAY).isoformat()),
        told=request.query_params.get("told", "") if refusal is None else "",
        undo=undo_of(request, found) if refusal is None else None,
        asks_anyway=refusal is not None and refusal.code == "StillToPay",
        **words(),
    )


async def find_to_review(look: Look, house: locations.House) -> dict[str, Any] | None:
    """Where the oldest of the payments is, on whatever day, that somebody must look at."""
    found = await deposits.list_to_review(look, house.id)
    if not found:
        return None
    oldest = await reservations.load_reservation(look, found[0])
    there = address(house.id, day=oldest.day.isoformat(), party=oldest.id)
    return {"count": len(found), "there": f"{there}#party", "name": oldest.guest_name}


def undo_of(request: WebRequest, party: Party | None) -> dict[str, Any] | None:
    """What takes back the move that has just been made; None as soon as something else happened."""
    asked = request.query_params
    if party is None or asked.get("told") != "moved":
        return None
    if asked.get("version") != str(party.reservation.version):
        return None
    return {
        "party": party,
        "tables": asked.get("tables", "").split(","),
        "minutes": asked.get("minutes", ""),
    }


def is_tonight(look: Look, book: DayBook) -> bool:
    return book.day == availability.service_day(book.house.hours, look.now)


async def list_waiting(look: Look, book: DayBook) -> list[tuple[waitlist.Waiting, int | None]]:
    """Who waits for a table that day; tonight each with the minutes that it will take."""
    house = book.house
    line = await waitlist.list_waiting(look, house.id, book.day)
    if not line or not is_tonight(look, book):
        return [(one, None) for one in line]
    period = look.now, look.now + DAY
    stays = await availability.list_stays(look, house.id, period)
    # Who stays longer than planned is thought to go soon, but has not gone.
    soon = look.now + SITS_ON
    stays += [
        replace(one, starts_at=look.now, ends_at=soon)
        for one in await availability.list_sitting_on(look, house.id)
    ]
    quoted = waitlist.quote(
        await availability.load_floor(look, house.id),
        stays,
        [one.party for one in line],
        look.now,
        book.terms.stay,
    )
    return list(zip(line, quoted, strict=True))


def words() -> dict[str, Any]:
    return {
        "party_words": PARTY_WORDS,
        "party_signs": PARTY_SIGNS,
        "party_kinds": PARTY_KINDS,
        "secured_words": SECURED_WORDS,
        "secured_signs": SECURED_SIGNS,
    }


async def live_of(request: WebRequest, look: Look, house: locations.House) -> dict[str, Any]:
    """What the page needs to hear that something changed since it was made."""
    topic = reservations.tables_topic(house.id)
    return {
        "topic": topic,
        "since": await head_of(look, topic),
        "stale_seconds": request.app.state.rooms.stale_seconds,
    }


async def panel_of(look: Look, book: DayBook, party: Party) -> dict[str, Any]:
    """All that can be known of a party and done with it."""
    reservation = party.reservation
    # Taking a tap back is rarer than going on, so it stands last.
    targets = sorted(
        reservations.next_statuses(reservation.status),
        key=lambda target: target is Status.CONFIRMED and reservation.status is Status.SEATED,
    )
    rounds = book.rounds.get(reservation.id) or (
        await orders.list_rounds(look, [reservation.id])
    ).get(reservation.id, [])
    planned = await deposits.plan_bills(look, book.house, reservation.id)
    return {
        "rounds": rounds,
        **due_of(book.house, rounds, planned),
        "past": await reservations.load_past(look, reservation),
        "history": await reservations.list_history(look, reservation.id),
        "status_words": reservations.STATUS_WORDS,
        "steps": [
            (STEPS[target][0], target, STEPS[target][1])
            for target in targets
            if target in STEPS and is_in_time(reservation, target, look)
        ],
        "may_cancel": Status.CANCELLED in targets,
        "longer": LONGER,
        "area_choices": area_choices(book.tables),
        "shown_time": f"{reservation.starts_at.astimezone(ZoneInfo(book.house.zone)):%H:%M}",
        "what_words": WHAT_WORDS,
        **await deposit_of(look, book, reservation),
    }


async def deposit_of(
    look: Look, book: DayBook, reservation: reservations.Reservation
) -> dict[str, Any]:
    """What they paid before, and what may be done about it."""
    deposit = await deposits.load_deposit(look, reservation.id, book.house.currency)
    account, has_come = deposit.account, look.now >= reservation.starts_at
    can_ask = reservation.status in reservations.EXPECTED and not has_come
    has_card = deposit.kept_card is not None
    is_asked = reservation.awaits_deposit or bool(account.left_minor) or has_card
    return {
        "deposit": deposit,
        "deposit_typed": typed(account.left_minor or account.kept_minor, book.house),
        "may_charge": await deposits.may_charge(look, reservation, deposit),
        "may_return": look.actor.has_role(Role.MANAGER),
        "may_ask_deposit": can_ask and not is_asked and await reservation_terms.takes_money(look),
    }


def area_choices(tables: Sequence[locations.Table]) -> list[tuple[str, str]]:
    """The rooms to choose from, and none of them in particular."""
    areas = sorted({table.area for table in tables} - {""})
    return [("", translate("Anywhere")), *((area, area) for area in areas)]


def is_in_time(reservation: reservations.Reservation, target: Status, look: Look) -> bool:
    """Nobody stayed away before their time has come."""
    return target is not Status.NO_SHOW or look.now >= reservation.starts_at
