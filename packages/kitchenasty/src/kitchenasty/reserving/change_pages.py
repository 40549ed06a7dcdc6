"""Where a guest chooses another day or time for a reservation, from the same sheet of days as when
it was made.
"""

from __future__ import annotations

from typing import Any

from litestar import Response

from basis.errors import DomainError
from kitchenasty import availability, locations, reservation_terms, reservations
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.web import WebRequest, page
from kitchenasty.reservation_terms import Terms
from kitchenasty.reservations import Reservation
from kitchenasty.reserving.guest_forms import Choice, ReserveForm, read_choice
from kitchenasty.reserving.offered import offer_choice, parts_of_day, today_of
from kitchenasty.reserving.schemas import wall_of

NO_STORE = {"cache-control": "no-store"}


async def show_change(
    look: Look,
    request: WebRequest,
    capability: str,
    given: ReserveForm,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """Raises ReservationNotFound."""
    opened = await reservations.open_reservation(look, capability)
    house = await locations.load_house(look, opened.house_id)
    terms = await reservation_terms.load_terms(look, house.id)
    here = f"/r/{capability}/change"
    choice = chosen_in(look, request, given, opened, house, terms)
    offered = await offer_choice(
        look,
        house,
        terms,
        choice,
        address=lambda one: address_of(here, choice, one),
        ignored=opened.id,
    )
    answer = page(
        "reserving/change.html",
        house=house,
        here=here,
        terms=terms,
        reservation=opened,
        time=wall_of(opened, house.zone),
        may_change=opened.guest_may_change(terms, look.now),
        choice=choice,
        month=offered.month,
        slots=offered.slots,
        parts_of_day=parts_of_day(offered.slots),
        capability=capability,
        refusal=refusal,
    )
    answer.headers.update(NO_STORE)
    return answer


def address_of(here: str, choice: Choice, one: availability.CalendarDay) -> str | None:
    if one.state is not availability.DayState.FREE:
        return None
    return f"{here}?party={choice.party}&date={one.day.isoformat()}#times"


def chosen_in(
    look: Look,
    request: WebRequest,
    given: ReserveForm,
    opened: Reservation,
    house: locations.House,
    terms: Terms,
) -> Choice:
    """What the links say; at first, how it stands."""
    month = request.query_params.get("month", "")
    given.party = given.party or str(opened.party)
    if not given.date and not month:
        given.date, given.time = opened.day.isoformat(), wall_of(opened, house.zone)
    return read_choice(given, month, terms, today_of(look, house))
