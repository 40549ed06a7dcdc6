"""Which letters are written about deposits, and having one sent."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from enum import StrEnum

from basis.money import Money
from kitchenasty import notices
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.reservations import Reservation

USEFUL_FOR = timedelta(days=3)


class LetterKind(StrEnum):
    """ASKED: please pay, or leave a card, until then. PAID: it is here. LAPSED: it did not come,
    the table is free. RETURNED: it goes back. KEPT: the house keeps it, as was agreed. CARD_KEPT:
    the card is here, and nothing was charged. CHARGED: the fee was, as was agreed.
    """

    ASKED = "ASKED"
    PAID = "PAID"
    LAPSED = "LAPSED"
    RETURNED = "RETURNED"
    KEPT = "KEPT"
    CARD_KEPT = "CARD_KEPT"
    CHARGED = "CHARGED"

    @property
    def notice(self) -> str:
        return f"deposits.{self.value.lower()}"


async def write_to_guest(
    uow: UnitOfWork, reservation: Reservation, kind: LetterKind, amount: Money
) -> None:
    """If there is a mail server, and an address."""
    if not reservation.guest_email or await notices.load_smtp(uow) is None:
        return
    facts = {
        "reservation_id": reservation.id,
        "amount_minor": amount.minor,
        "currency": amount.currency,
    }
    # An address that nobody can write to was typed by somebody, and holds up no money.
    with contextlib.suppress(EmailRefused):
        await notices.send_notice(
            uow,
            kind.notice,
            recipient=reservation.guest_email,
            facts=facts,
            useful_for=USEFUL_FOR,
            locale=reservation.locale,
        )
