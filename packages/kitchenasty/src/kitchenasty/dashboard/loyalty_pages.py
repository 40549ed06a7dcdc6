"""The office's points: what they are worth, whose they are, and giving or taking some by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form, bounded_minor
from basis.kit.texts import whole_in
from basis.money import Money
from kitchenasty import guests, locations, loyalty
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.typed_numbers import number_in
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.identity.sign_in import EmailRefused, check_email
from kitchenasty.kit.principals import Principal

HERE = "/admin/loyalty"
HISTORY_SHOWN = 30
EMAIL_SHOWN = 254
ENTRIES_MAX = 1_000_000_000
Line = Annotated[str, msgspec.Meta(max_length=200)]
CustomerId = Annotated[str, PathParameter(max_length=64)]


class ProgrammeForm(Form):
    """What a manager types; numbers are read by us, so that a refusal shows them as typed."""

    is_on: Line = ""
    currency: Annotated[str, msgspec.Meta(max_length=3)] = ""
    per_unit: Line = ""
    hundred: Line = ""
    least: Line = ""

    @classmethod
    def of(cls, programme: loyalty.Programme) -> ProgrammeForm:
        return cls(
            is_on="yes" if programme.is_on else "",
            currency=programme.currency,
            per_unit=str(programme.points_per_unit),
            hundred=Money(programme.hundred_points_minor, programme.currency).to_major_text(),
            least=str(programme.spend_min_points),
        )

    def to_programme(self) -> loyalty.Programme:
        """Raises ProgrammeRefused, NumberUnreadable, BadAmount."""
        return loyalty.Programme(
            is_on=bool(self.is_on),
            currency=self.currency,
            points_per_unit=count_in(self.per_unit),
            hundred_points_minor=bounded_minor(number_in(self.hundred), self.currency),
            spend_min_points=count_in(self.least),
        )


class AdjustForm(Form):
    """`seen` is the number of the newest entry that was on the page: a form that is sent twice
    changes the points once.
    """

    points: Line = ""
    reason: Line = ""
    seen: Annotated[int, msgspec.Meta(ge=0, le=ENTRIES_MAX)] = 0


@dataclass(frozen=True, slots=True)
class Found:
    """An account that was looked for, with its points."""

    guest: guests.Guest
    balance: int
    entries: list[loyalty.Entry]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused, and what had been typed."""

    error: DomainError
    programme: ProgrammeForm | None = None
    adjustment: AdjustForm | None = None
    customer_id: str = ""


class LoyaltyPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_loyalty(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/", opt=access(Access.MANAGER, every_house=True))
    async def change_programme(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[ProgrammeForm]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: change(uow, data),
            lambda look, said: show(request, look, principal, Refusal(said, programme=data)),
        )

    @post("/{customer_id:str}/adjust", opt=access(Access.MANAGER, every_house=True))
    async def adjust(
        self,
        request: WebRequest,
        principal: Actor,
        customer_id: CustomerId,
        data: URLEncodedBody[AdjustForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: adjust(uow, customer_id, data),
            lambda look, said: show(
                request, look, principal, Refusal(said, adjustment=data, customer_id=customer_id)
            ),
        )


async def change(uow: UnitOfWork, form: ProgrammeForm) -> str:
    await loyalty.change_programme(uow, form.to_programme())
    return f"{HERE}?saved=yes"


async def adjust(uow: UnitOfWork, customer_id: str, form: AdjustForm) -> str:
    points = count_in(form.points)
    await loyalty.adjust(uow, customer_id, points, reason=form.reason, seen=form.seen)
    return f"{HERE}?guest={customer_id}"


async def show(
    request: WebRequest, look: Look, principal: Principal, refused: Refusal | None = None
) -> Response[Any]:
    houses = await locations.list_houses(look)
    form = ProgrammeForm.of(await loyalty.load_programme(look))
    email = request.query_params.get("email", "")[:EMAIL_SHOWN]
    customer_id = request.query_params.get("guest", "")
    return office_page(
        "dashboard/loyalty.html",
        request,
        principal,
        refusal=None if refused is None else refused.error,
        form=(refused and refused.programme) or form,
        adjustment=(refused and refused.adjustment) or AdjustForm(),
        saved=request.query_params.get("saved", ""),
        currencies=currency_choices(form, houses),
        may_change=principal.house_ids is None,
        email=email,
        found=await find_guests(look, email, refused.customer_id if refused else customer_id),
        kinds=loyalty.KIND_WORDS,
        zone=houses[0].zone if houses else "UTC",
    )


def currency_choices(
    form: ProgrammeForm, houses: Sequence[locations.House]
) -> list[tuple[str, str]]:
    known = sorted({form.currency, *(house.currency for house in houses)})
    return [(code, code) for code in known]


async def find_guests(look: Look, email: str, customer_id: str) -> list[Found] | None:
    """The one account, or those with an address; None if none was looked for."""
    try:
        if customer_id:
            return [await found_of(look, await guests.load_guest(look, customer_id))]
        if not email.strip():
            return None
        people = await guests.list_with_email(look, check_email(email))
    except (EmailRefused, guests.GuestNotFound):
        return []
    return [await found_of(look, guest) for guest in people]


async def found_of(look: Look, guest: guests.Guest) -> Found:
    entries, _ = await loyalty.list_entries(look, guest.id, Page(limit=HISTORY_SHOWN))
    return Found(guest, await loyalty.load_balance(look, guest.id), entries)


def count_in(text: str) -> int:
    """Raises ProgrammeRefused."""
    points = whole_in(text.removeprefix("+").removeprefix("-").removeprefix("−"), digits=7)
    if points is None:
        raise loyalty.ProgrammeRefused("Please write a whole number of points.")
    return -points if text.startswith(("-", "−")) else points
