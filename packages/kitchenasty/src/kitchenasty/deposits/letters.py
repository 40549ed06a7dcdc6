"""The letters about deposits and cards, each with its amount."""

from __future__ import annotations

from functools import partial
from typing import Any

from basis.money import Money
from kitchenasty import locations, reservations
from kitchenasty.deposits.letters_due import LetterKind
from kitchenasty.deposits.patterns import CARDS, DEPOSIT, DEPOSITS, FEE, PATTERNS, USED
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.pages import show_datetime, show_money
from kitchenasty.notices import Letter, Pattern, Sender, Writer
from kitchenasty.reservation_terms import Agreed
from kitchenasty.reservations import Reservation, Status

__all__ = ["PATTERNS", "WRITERS"]

K = LetterKind


async def write(
    uow: UnitOfWork, facts: dict[str, Any], sender: Sender, *, kind: LetterKind
) -> Letter | None:
    """Nothing about a reservation that was removed, and no demand for what was paid meanwhile."""
    try:
        found = await reservations.load_reservation(uow, facts["reservation_id"])
    except reservations.ReservationNotFound:
        return None
    if found.agreed is None or (kind is K.ASKED and not found.awaits_deposit):
        return None
    house = await locations.load_house(uow, found.house_id)
    capability = reservations.capability_of(uow.secret, found.id)
    known = known_of(found, found.agreed, house, Money(facts["amount_minor"], facts["currency"]))
    return pattern_of(kind, found.agreed, found.status).write(
        known,
        rows=(
            (translate("When"), known["when"]),
            (translate("People"), str(found.party)),
            (translate(FEE if found.agreed.is_card else DEPOSIT), known["amount"]),
        ),
        url=link_of(kind, f"{sender.public_url}/r/{capability}", sender, house),
        house=house.name,
    )


def pattern_of(kind: LetterKind, agreed: Agreed, status: Status) -> Pattern:
    if kind is K.KEPT and status in (Status.SEATED, Status.COMPLETED):
        return USED
    if agreed.is_card and kind in CARDS:
        return CARDS[kind]
    return DEPOSITS.get(kind) or CARDS[kind]


def link_of(kind: LetterKind, there: str, sender: Sender, house: locations.House) -> str:
    if kind is K.ASKED:
        return f"{there}/deposit"
    if kind is K.LAPSED:
        return f"{sender.public_url}/at/{house.slug}/reserve"
    return there


def known_of(
    reservation: Reservation, agreed: Agreed, house: locations.House, amount: Money
) -> dict[str, str]:
    until = reservation.awaits_deposit_until
    return {
        "name": reservation.guest_name,
        "house": house.name,
        "address": f"{house.name}\n{house.address}\n{house.city}",
        "until": show_datetime(until, house.zone) if until else "",
        "free_until": show_datetime(agreed.free_until, house.zone),
        "amount": show_money(amount.minor, amount.currency),
        "when": show_datetime(reservation.starts_at, house.zone),
    }


WRITERS: dict[str, Writer] = {kind.notice: partial(write, kind=kind) for kind in LetterKind}
