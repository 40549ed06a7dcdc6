"""The letters about deposits, each with its amount."""

from __future__ import annotations

from functools import partial
from typing import Any

from basis.money import Money
from basis.sentences import word
from kitchenasty import locations, reservations
from kitchenasty.deposits.letters_due import LetterKind
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.pages import show_datetime, show_money
from kitchenasty.notices import Action, Letter, Sender, Writer
from kitchenasty.reservations import Agreed, Reservation, Status

K = LetterKind
SUBJECTS = {
    K.ASKED: word("Please pay your deposit"),
    K.PAID: word("We have your deposit"),
    K.LAPSED: word("Your deposit did not come"),
    K.RETURNED: word("You get your deposit back"),
    K.KEPT: word("Your deposit"),
    K.CARD_KEPT: word("We have your card"),
    K.CHARGED: word("A fee was charged to your card"),
}
CARD_SUBJECTS = {
    K.ASKED: word("Please leave a card for your table"),
    K.LAPSED: word("Your card did not come"),
    K.RETURNED: word("You get the fee back"),
}
SENTENCES = {
    K.ASKED: word("We keep the table for you until {until}. It is yours as soon as it is paid."),
    K.PAID: word(
        "Thank you. After your visit you get it back, or it is taken off your bill. If you cancel "
        "until {free_until}, you get all of it back."
    ),
    K.LAPSED: word("So the table is free for others again. You were charged nothing."),
    K.RETURNED: word(
        "It goes back to where it came from. Depending on your bank this takes some days."
    ),
    K.KEPT: word(
        "You did not come, or cancelled after {free_until}. As was agreed, the house keeps it."
    ),
    K.CARD_KEPT: word(
        "Your table is yours, and nothing was charged. If you cancel until {free_until}, nothing "
        "will be. After your visit the card is forgotten."
    ),
    K.CHARGED: word(
        "You did not come, or cancelled after {free_until}. As was agreed, the house charged your "
        "card once, and the card is forgotten now. If this is wrong, please answer or call us."
    ),
}
CARD_ASKED = word(
    "We keep the table for you until {until}. It is yours as soon as your card is here; nothing is "
    "charged now."
)
FEE, DEPOSIT = word("Fee"), word("Your deposit")
LEAVE, PAY = word("Leave a card"), word("Pay the deposit")
OFF_THE_BILL = word("It was taken off your bill. Thank you for your visit.")


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
    amount = Money(facts["amount_minor"], facts["currency"])
    there = f"{sender.public_url}/r/{capability}"
    action = Action(translate("Your reservation"), there)
    if kind is K.ASKED:
        words = LEAVE if found.agreed.is_card else PAY
        action = Action(translate(words), f"{there}/deposit")
    if kind is K.LAPSED:
        again = f"{sender.public_url}/at/{house.slug}/reserve"
        action = Action(translate("Reserve a table"), again)
    return Letter(
        subject=f"{translate(subject_of(kind, found.agreed))}, {house.name}",
        paragraphs=(
            translate("Hello {name},").format(name=found.guest_name),
            sentence_of(kind, found, house),
        ),
        rows=(
            (translate("When"), show_datetime(found.starts_at, house.zone)),
            (translate("People"), str(found.party)),
            (
                translate(FEE if found.agreed.is_card else DEPOSIT),
                show_money(amount.minor, amount.currency),
            ),
        ),
        action=action,
        after=(house.name, house.address, house.city),
        house=house.name,
    )


def subject_of(kind: LetterKind, agreed: Agreed) -> str:
    own = CARD_SUBJECTS.get(kind) if agreed.is_card else None
    return own or SUBJECTS[kind]


def sentence_of(kind: LetterKind, reservation: Reservation, house: locations.House) -> str:
    agreed, until = reservation.agreed, reservation.awaits_deposit_until
    assert agreed is not None, "nobody is written to about nothing"
    if kind is K.KEPT and reservation.status in (Status.SEATED, Status.COMPLETED):
        return translate(OFF_THE_BILL)
    if kind is K.ASKED and agreed.is_card:
        return translate(CARD_ASKED).format(until=show_datetime(until, house.zone) if until else "")
    return translate(SENTENCES[kind]).format(
        until=show_datetime(until, house.zone) if until else "",
        free_until=show_datetime(agreed.free_until, house.zone),
    )


WRITERS: dict[str, Writer] = {kind.notice: partial(write, kind=kind) for kind in LetterKind}
