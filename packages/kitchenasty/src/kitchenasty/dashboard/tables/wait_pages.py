"""The waiting list of a day: people on the telephone or in the door get in line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, Invalid
from basis.kit.http.wire import Form
from kitchenasty import locations, waitlist
from kitchenasty.dashboard.tables.day_pages import show
from kitchenasty.dashboard.tables.frame import HERE, HouseId, Line, Short, Tab, address, day_in
from kitchenasty.dashboard.typed_numbers import whole_in
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.http.web import Actor, WebRequest, back_to, writing_for
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.principals import Principal
from kitchenasty.reservations import Guest

WaitingId = Annotated[str, PathParameter(max_length=64)]


class Answer(StrEnum):
    """SEAT: they sit down now. ACCEPT: they take what was offered. READY: their table is. UNREADY:
    it is not after all. REMOVE: out of the line.
    """

    SEAT = "seat"
    ACCEPT = "accept"
    READY = "ready"
    UNREADY = "unready"
    REMOVE = "remove"


class InLineForm(Form, kw_only=True):
    """Empty times: any time of the day."""

    day: Short
    party: Short
    since: Short = ""
    until: Short = ""
    name: Line = ""
    phone: Short = ""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""


class AnswerForm(Form, kw_only=True):
    answer: Answer
    day: Short = ""


class WaitPages(Controller):
    path = f"{HERE}/{{house_id:str}}/waiting"
    include_in_schema = False
    opt = access(Access.STAFF)

    @post()
    async def get_in_line(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[InLineForm],
    ) -> Response[Any]:
        async def act(uow: UnitOfWork) -> None:
            await waitlist.join(uow, asked_of(house_id, data), guest_of(data))

        return await change(request, principal, house_id, data.day, act)

    @post("/{waiting_id:str}")
    async def answer(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        waiting_id: WaitingId,
        data: URLEncodedBody[AnswerForm],
    ) -> Response[Any]:
        async def act(uow: UnitOfWork) -> None:
            one = await waitlist.load_waiting(uow, house_id, waiting_id)
            await ACTS[data.answer](uow, one)

        return await change(request, principal, house_id, data.day, act)


ACTS: dict[Answer, Callable[[UnitOfWork, waitlist.Waiting], Awaitable[object]]] = {
    Answer.SEAT: waitlist.seat_now,
    Answer.ACCEPT: waitlist.accept,
    Answer.READY: waitlist.tell_ready,
    Answer.UNREADY: waitlist.take_back,
    Answer.REMOVE: waitlist.leave,
}


async def change(
    request: WebRequest,
    principal: Principal,
    house_id: str,
    day: str,
    act: Callable[[UnitOfWork], Awaitable[None]],
) -> Response[Any]:
    """In one transaction; a refusal shows the day again with the reason above it."""
    try:
        async with writing_for(request, principal) as uow:
            await locations.load_own_house(uow, house_id)
            await act(uow)
    except (Conflict, Invalid) as refusal:
        return await show(request, principal, house_id, day=day, refusal=refusal)
    return back_to(address(house_id, Tab.DAY, day=day, told="done") + "#waiting-title")


def asked_of(house_id: str, form: InLineForm) -> waitlist.Asked:
    """Raises NumberUnreadable, WishRefused."""
    return waitlist.Asked(
        house_id=house_id,
        day=day_in(form.day),
        party=whole_in(form.party),
        since=form.since,
        until=form.until,
    )


def guest_of(form: InLineForm) -> Guest:
    """Raises EmailRefused."""
    return Guest(
        name=form.name,
        phone=form.phone or None,
        email=check_email(form.email) if form.email.strip() else None,
        locale=current_locale.get(),
    )
