"""What the letters about deposits and cards say, until an owner says it otherwise."""

from __future__ import annotations

from basis.sentences import word
from kitchenasty.deposits.letters_due import LetterKind
from kitchenasty.notices import ADDRESS, BUTTON, GUEST, HOUSE, TABLE, Area, Pattern, text_fact

K = LetterKind
MOMENT = "17 May 2030, 19:00"
AMOUNT = "€40.00"
PLACES = {
    "name": GUEST,
    "house": HOUSE,
    "address": ADDRESS,
    "until": text_fact("deposit.until", word("Until when it is to be paid"), MOMENT),
    "free_until": text_fact("deposit.free_until", word("Until when it is given back"), MOMENT),
    "amount": text_fact("deposit.amount", word("The deposit"), AMOUNT),
    "when": text_fact("reservation.when", word("When"), MOMENT),
}
DEPOSIT, FEE = word("Your deposit"), word("Fee")
RESERVATION = word("Your reservation")


def pattern(  # what is said, and what the button does
    key: str,
    words: str,
    subject: str,
    sentence: str,
    button: str = RESERVATION,
    amount: str = DEPOSIT,
) -> Pattern:
    return Pattern(
        key=key,
        words=words,
        area=Area.PAYMENTS,
        subject=(subject, "{house}"),
        lines=(word("Hello {name},"), sentence),
        button=button,
        after=("{address}",),
        places=PLACES,
        rows=((word("When"), MOMENT), (word("People"), "4"), (amount, AMOUNT)),
        needs=frozenset({TABLE, BUTTON}),
    )


DEPOSITS = {
    K.ASKED: pattern(
        K.ASKED.notice,
        word("A deposit is to be paid"),
        word("Please pay your deposit"),
        word("We keep the table for you until {until}. It is yours as soon as it is paid."),
        word("Pay the deposit"),
    ),
    K.PAID: pattern(
        K.PAID.notice,
        word("A deposit was paid"),
        word("We have your deposit"),
        word(
            "Thank you. After your visit you get it back, or it is taken off your bill. If you "
            "cancel until {free_until}, you get all of it back."
        ),
    ),
    K.LAPSED: pattern(
        K.LAPSED.notice,
        word("A deposit did not come"),
        word("Your deposit did not come"),
        word("So the table is free for others again. You were charged nothing."),
        word("Reserve a table"),
    ),
    K.RETURNED: pattern(
        K.RETURNED.notice,
        word("A deposit is given back"),
        word("You get your deposit back"),
        word("It goes back to where it came from. Depending on your bank this takes some days."),
    ),
    K.KEPT: pattern(
        K.KEPT.notice,
        word("A deposit is kept"),
        word("Your deposit"),
        word(
            "You did not come, or cancelled after {free_until}. As was agreed, the house keeps it."
        ),
    ),
}
USED = pattern(
    f"{K.KEPT.notice}.used",
    word("A deposit was taken off the bill"),
    word("Your deposit"),
    word("It was taken off your bill. Thank you for your visit."),
)
CARDS = {
    K.ASKED: pattern(
        f"{K.ASKED.notice}.card",
        word("A card is to be left"),
        word("Please leave a card for your table"),
        word(
            "We keep the table for you until {until}. It is yours as soon as your card is here; "
            "nothing is charged now."
        ),
        word("Leave a card"),
        FEE,
    ),
    K.LAPSED: pattern(
        f"{K.LAPSED.notice}.card",
        word("A card did not come"),
        word("Your card did not come"),
        word("So the table is free for others again. You were charged nothing."),
        word("Reserve a table"),
        FEE,
    ),
    K.CARD_KEPT: pattern(
        K.CARD_KEPT.notice,
        word("A card was left"),
        word("We have your card"),
        word(
            "Your table is yours, and nothing was charged. If you cancel until {free_until}, "
            "nothing will be. After your visit the card is forgotten."
        ),
        amount=FEE,
    ),
    K.CHARGED: pattern(
        K.CHARGED.notice,
        word("A fee was charged"),
        word("A fee was charged to your card"),
        word(
            "You did not come, or cancelled after {free_until}. As was agreed, the house charged "
            "your card once, and the card is forgotten now. If this is wrong, please answer or "
            "call us."
        ),
        amount=FEE,
    ),
    K.RETURNED: pattern(
        f"{K.RETURNED.notice}.card",
        word("A fee is given back"),
        word("You get the fee back"),
        word("It goes back to where it came from. Depending on your bank this takes some days."),
        amount=FEE,
    ),
}
PATTERNS = (*DEPOSITS.values(), USED, *CARDS.values())
