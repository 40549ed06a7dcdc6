"""What is done with a party: each act is one form, and a refusal says who is in the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, post
from litestar.params import URLEncodedBody

from basis.errors import Conflict, Invalid
from basis.kit.http.wire import Form, Version
from basis.money import Money
from basis.sentences import Sentence
from kitchenasty import availability, deposits, floor, locations, orders, reservations
from kitchenasty.availability import WishRefused
from kitchenasty.dashboard.tables import plan_pages
from kitchenasty.dashboard.tables.book import named
from kitchenasty.dashboard.tables.day_pages import show
from kitchenasty.dashboard.tables.frame import (
    HERE,
    HouseId,
    ReservationId,
    Short,
    Tab,
    address,
    day_in,
)
from kitchenasty.dashboard.typed_numbers import whole_in
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.web import Actor, WebRequest, back_to, writing_for
from kitchenasty.kit.principals import Principal
from kitchenasty.reservations import Reservation, Status

Text = Annotated[str, msgspec.Meta(max_length=600)]
TableIds = Annotated[list[Annotated[str, msgspec.Meta(max_length=64)]], msgspec.Meta(max_length=40)]
Change = Callable[[UnitOfWork, Reservation, Any], Awaitable[Reservation]]


TABLE_NAME_MAX = 40


class StillToPay(Conflict):
    """Guests leave whose bill is open. Whoever asks may say that they left all the same."""

    def __init__(self, owed: Sequence[orders.Round], currency: str) -> None:
        super().__init__(
            Sentence.of(
                "They have not paid {amount} yet: order {numbers}.",
                amount=Money(sum(one.due_minor for one in owed), currency),
                numbers=", ".join(one.number for one in owed),
            )
        )


class Step(StrEnum):
    CONFIRM = "confirm"
    SEAT = "seat"
    LEAVE = "leave"
    ABSENT = "absent"
    CANCEL = "cancel"


class StepForm(Form, kw_only=True):
    step: Step
    version: Version
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""
    anyway: Annotated[str, msgspec.Meta(max_length=5)] = ""
    """They left though something is still to be paid."""


class TablesForm(Form, kw_only=True):
    """Several tables are pushed together. `minutes` later or, below zero, earlier; `there` is the
    page to come back to.
    """

    version: Short
    tables: TableIds = msgspec.field(default_factory=list)
    minutes: Short = ""
    there: Short = ""


class StayForm(Form, kw_only=True):
    """`minutes` more or, below zero, less."""

    version: Version
    minutes: Annotated[int, msgspec.Meta(ge=-720, le=720)]


class ChangeForm(Form, kw_only=True):
    version: Version
    day: Short
    time: Short
    party: Short
    area: Short = ""


class NotesForm(Form, kw_only=True):
    PARAGRAPHS = frozenset({"house_note", "note", "allergies"})

    version: Version
    house_note: Text = ""
    note: Text = ""
    allergies: Text = ""


TypedForm = StepForm | TablesForm | StayForm | ChangeForm | NotesForm


class PartyPages(Controller):
    path = f"{HERE}/{{house_id:str}}/parties/{{reservation_id:str}}"
    include_in_schema = False
    opt = access(Access.STAFF)

    @post("/step")
    async def take_step(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
        data: URLEncodedBody[StepForm],
    ) -> Response[Any]:
        return await change(request, principal, (house_id, reservation_id), data, take)

    @post("/tables")
    async def put(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
    ) -> Response[Any]:
        data = await read_ticked(request, TablesForm)
        where = house_id, reservation_id
        if data.there == Tab.PLAN.value:
            return await change_on_plan(request, principal, where, data)
        return await change(request, principal, where, data, seat_at)

    @post("/stay")
    async def stay(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
        data: URLEncodedBody[StayForm],
    ) -> Response[Any]:
        return await change(request, principal, (house_id, reservation_id), data, lengthen)

    @post("/change")
    async def change_wish(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
        data: URLEncodedBody[ChangeForm],
    ) -> Response[Any]:
        return await change(request, principal, (house_id, reservation_id), data, rebook)

    @post("/notes")
    async def write_notes(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
        data: URLEncodedBody[NotesForm],
    ) -> Response[Any]:
        return await change(request, principal, (house_id, reservation_id), data, write)


async def change(
    request: WebRequest,
    principal: Principal,
    where: tuple[str, str],
    data: TypedForm,
    act: Change,
) -> Response[Any]:
    """Do it in one transaction; a refusal shows the day again with the reason above it."""
    house_id, reservation_id = where
    seen: list[Reservation] = []
    try:
        after = await act_on(request, principal, where, data, act, seen)
    except (Conflict, Invalid) as refusal:
        day = seen[0].day.isoformat() if seen else ""
        return await show(
            request, principal, house_id, day=day, party=reservation_id, refusal=refusal
        )
    told = told_of(seen[0], after) if isinstance(data, TablesForm) else {"told": "done"}
    there = address(house_id, Tab.DAY, day=after.day.isoformat(), party=after.id, **told)
    return back_to(f"{there}#party")


async def change_on_plan(
    request: WebRequest, principal: Principal, where: tuple[str, str], data: TablesForm
) -> Response[Any]:
    """The same on the plan of the rooms, which shows those who are there now."""
    seen: list[Reservation] = []
    try:
        after = await act_on(request, principal, where, data, seat_at, seen)
    except (Conflict, Invalid) as refusal:
        return await plan_pages.show(request, principal, where[0], refusal=refusal)
    return back_to(address(where[0], Tab.PLAN, party=after.id, **told_of(seen[0], after)))


async def act_on(
    request: WebRequest,
    principal: Principal,
    where: tuple[str, str],
    data: TypedForm,
    act: Change,
    seen: list[Reservation],
) -> Reservation:
    """The party as it is afterwards; `seen` gets it as it was. Raises what the act raises, and
    SomebodyChangedIt where the screen was behind.
    """
    async with writing_for(request, principal) as uow:
        before = await load(uow, *where)
        seen.append(before)
        if str(before.version) != str(data.version):
            raise reservations.SomebodyChangedIt
        return await act(uow, before, data)


def told_of(before: Reservation, after: Reservation) -> dict[str, str]:
    """What takes the move back, for the address of the page that says that it is done."""
    minutes = round((before.starts_at - after.starts_at).total_seconds() / 60)
    return {
        "told": "moved",
        "tables": ",".join(before.table_ids),
        "minutes": str(minutes),
        "version": str(after.version),
    }


async def load(look: Look, house_id: str, reservation_id: str) -> Reservation:
    """Raises HouseNotFound, NotYourHouse, ReservationNotFound."""
    house = await locations.load_own_house(look, house_id)
    found = await reservations.load_reservation(look, reservation_id)
    if found.house_id != house.id:
        raise reservations.ReservationNotFound
    return found


async def take(uow: UnitOfWork, party: Reservation, data: StepForm) -> Reservation:
    if data.step is Step.CANCEL:
        return await reservations.cancel(uow, party, reason=data.reason)
    if data.step is Step.LEAVE and not data.anyway:
        await check_paid(uow, party)
    acts: dict[Step, Callable[[UnitOfWork, Reservation], Awaitable[Reservation]]] = {
        Step.CONFIRM: floor.unseat if party.status is Status.SEATED else reservations.confirm,
        Step.SEAT: floor.seat,
        Step.LEAVE: reservations.complete,
        Step.ABSENT: reservations.note_absence,
    }
    return await acts[data.step](uow, party)


async def check_paid(uow: UnitOfWork, party: Reservation) -> None:
    """Raises StillToPay, which says what is open. What a deposit pays is as good as paid: it is
    taken off when they are gone.
    """
    rounds = (await orders.list_rounds(uow, [party.id])).get(party.id, [])
    if not any(one.due_minor for one in rounds):
        return
    house = await locations.load_house(uow, party.house_id)
    planned = await deposits.plan_bills(uow, house, party.id)
    left = [replace(one, due_minor=one.due_minor - planned.get(one.id, 0)) for one in rounds]
    owed = [one for one in left if one.due_minor]
    if owed:
        raise StillToPay(owed, house.currency)


async def seat_at(uow: UnitOfWork, party: Reservation, data: TablesForm) -> Reservation:
    after = await floor.shift(uow, party, data.tables, minutes_in(data.minutes))
    if after.status is Status.SEATED:
        tables = await locations.list_tables(uow, after.house_id)
        name = named(after.table_ids, {one.id: one.name for one in tables})[:TABLE_NAME_MAX]
        await orders.carry_elsewhere(uow, after.house_id, after.id, after.table_ids[0], name)
    return after


def minutes_in(text: str) -> timedelta:
    """`15`, `-15` or nothing. Raises NumberUnreadable."""
    minutes = whole_in(text.removeprefix("-") or "0")
    return timedelta(minutes=-minutes if text.startswith("-") else minutes)


async def lengthen(uow: UnitOfWork, party: Reservation, data: StayForm) -> Reservation:
    until = party.ends_at + timedelta(minutes=data.minutes)
    return await floor.stay_until(uow, party, until)


async def write(uow: UnitOfWork, party: Reservation, data: NotesForm) -> Reservation:
    texts = {"house_note": data.house_note, "note": data.note, "allergies": data.allergies}
    return await reservations.annotate(uow, party, texts)


async def rebook(uow: UnitOfWork, party: Reservation, data: ChangeForm) -> Reservation:
    """Another number at the same time stays where it is; another time gets the same table if that
    is free, else the best one. Raises what `reservations.change` raises.
    """
    house = await locations.load_house(uow, party.house_id)
    day, size = day_in(data.day), whole_in(data.party)
    shown = f"{party.starts_at.astimezone(ZoneInfo(house.zone)):%H:%M}"
    if (day, data.time, data.area or None) == (party.day, shown, party.area):
        return await floor.resize(uow, party, size)
    if party.status is Status.SEATED:
        raise WishRefused("They sit already. Choose another table or a longer stay instead.")
    wish = availability.Wish(
        house_id=house.id, day=day, shown=data.time, party=size, area=data.area or None
    )
    return await reservations.change(uow, party, await plan(uow, wish, party))


async def plan(uow: UnitOfWork, wish: availability.Wish, party: Reservation) -> availability.Plan:
    """Raises what `availability.plan` raises."""
    if wish.area == party.area and party.table_ids:
        same = replace(wish, table_ids=party.table_ids)
        try:
            return await availability.plan(uow, same, ignored=party.id)
        except availability.FullyBooked:
            pass  # another table then
    return await availability.plan(uow, wish, ignored=party.id)
