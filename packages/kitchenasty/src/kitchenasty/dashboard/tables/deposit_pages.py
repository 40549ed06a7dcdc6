"""What is done about the deposit of a party: asked for, waived, kept, given back."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, post
from litestar.params import URLEncodedBody

from basis.errors import Conflict, Invalid
from basis.kit.http.wire import Form
from basis.money import Money
from kitchenasty import deposits, locations
from kitchenasty.dashboard.tables.day_pages import show
from kitchenasty.dashboard.tables.frame import HERE, HouseId, ReservationId, Short, Tab, address
from kitchenasty.dashboard.tables.party_pages import load
from kitchenasty.dashboard.typed_numbers import minor_in, whole_in
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, WebRequest, back_to, writing_for
from kitchenasty.kit.principals import Principal
from kitchenasty.reservations import Reservation


class Step(StrEnum):
    """WAIVE: the table is theirs without it. KEEP: what is left is the house's. CHARGE: the card
    that was left is charged the fee.
    """

    ASK = "ask"
    WAIVE = "waive"
    KEEP = "keep"
    CHARGE = "charge"


class ReturnStep(StrEnum):
    """AGAIN and BY_HAND: of a return that a provider refused. COUNT, RETURN and SEEN: of a payment
    of another sum than was asked for.
    """

    GIVE_BACK = "give-back"
    AGAIN = "again"
    BY_HAND = "by-hand"
    COUNT = "count"
    RETURN = "return"
    SEEN = "seen"


class DepositForm(Form, kw_only=True):
    """`amount` is for each guest."""

    step: Step
    amount: Short = ""
    hours: Short = ""


class DepositReturnForm(Form, kw_only=True):
    """`return_id` where a provider refused, `payment_id` where it took another sum."""

    step: ReturnStep
    amount: Short = ""
    return_id: Annotated[str, msgspec.Meta(max_length=64)] = ""
    payment_id: Annotated[str, msgspec.Meta(max_length=64)] = ""


class PartyDepositPages(Controller):
    path = f"{HERE}/{{house_id:str}}/parties/{{reservation_id:str}}/deposit"
    include_in_schema = False
    opt = access(Access.STAFF)

    @post()
    async def decide(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
        data: URLEncodedBody[DepositForm],
    ) -> Response[Any]:
        return await act(request, principal, (house_id, reservation_id), data)

    @post("/return", opt=access(Access.MANAGER))
    async def give_back(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
        data: URLEncodedBody[DepositReturnForm],
    ) -> Response[Any]:
        """Money that leaves the house is a manager's matter."""
        return await act(request, principal, (house_id, reservation_id), data)


async def act(
    request: WebRequest,
    principal: Principal,
    where: tuple[str, str],
    data: DepositForm | DepositReturnForm,
) -> Response[Any]:
    """Do it; a refusal shows the day again with the reason above it."""
    house_id, reservation_id = where
    seen: list[Reservation] = []
    try:
        async with writing_for(request, principal) as uow:
            house = await locations.load_own_house(uow, house_id)
            seen.append(await load(uow, house_id, reservation_id))
            if isinstance(data, DepositForm):
                await take(uow, house, reservation_id, data)
            else:
                await take_return(uow, house, reservation_id, data)
    except (Conflict, Invalid) as refusal:
        day = seen[0].day.isoformat() if seen else ""
        return await show(
            request, principal, house_id, day=day, party=reservation_id, refusal=refusal
        )
    day = seen[0].day.isoformat()
    there = address(house_id, Tab.DAY, day=day, party=reservation_id, told="done")
    return back_to(f"{there}#party")


async def take(
    uow: UnitOfWork, house: locations.House, reservation_id: str, data: DepositForm
) -> None:
    match data.step:
        case Step.ASK:
            each = Money(minor_in(data.amount, house), house.currency)
            await deposits.ask(uow, reservation_id, each, whole_in(data.hours))
        case Step.WAIVE:
            await deposits.waive(uow, reservation_id)
        case Step.KEEP:
            await deposits.keep_deposit(uow, reservation_id)
        case Step.CHARGE:
            await deposits.charge_fee(uow, reservation_id)


async def take_return(
    uow: UnitOfWork, house: locations.House, reservation_id: str, data: DepositReturnForm
) -> None:
    match data.step:
        case ReturnStep.GIVE_BACK:
            await deposits.return_deposit(uow, reservation_id, minor_in(data.amount, house))
        case ReturnStep.AGAIN:
            await deposits.ask_again(uow, reservation_id, data.return_id)
        case ReturnStep.BY_HAND:
            await deposits.give_by_hand(uow, reservation_id, data.return_id)
        case ReturnStep.COUNT | ReturnStep.RETURN | ReturnStep.SEEN:
            verdict = deposits.Verdict[data.step.name]
            await deposits.settle_review(uow, reservation_id, data.payment_id, verdict)
