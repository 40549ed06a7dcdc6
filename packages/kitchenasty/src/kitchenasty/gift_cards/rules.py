"""Codes of gift cards: drawn by chance, read as people type them; and when a card says no. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from basis.errors import Conflict, DomainError, Invalid, NotFound
from basis.money import Money
from basis.sentences import Sentence, word

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
LOOKS_LIKE = str.maketrans("OILU", "011V")
CHANCE_LENGTH = 19
"""Of 5 bits each: 95."""
CODE_LENGTH = CHANCE_LENGTH + 1
GROUP = 4
TYPED_LENGTH_MAX = 60
REASON_LENGTH_MAX = 200


class CardEntryKind(StrEnum):
    ISSUED = "ISSUED"
    SPENT = "SPENT"
    GIVEN_BACK = "GIVEN_BACK"
    VOIDED = "VOIDED"


KIND_WORDS = {
    CardEntryKind.ISSUED: word("Issued"),
    CardEntryKind.SPENT: word("Paid with"),
    CardEntryKind.GIVEN_BACK: word("Given back"),
    CardEntryKind.VOIDED: word("Voided"),
}


class GiftCardProblem(DomainError):
    """Why a gift card pays nothing; the classes below say it more exactly."""


class GiftCardMistyped(GiftCardProblem, Invalid):
    """No card has such a code: it is too short, too long, or a letter of it is wrong."""

    def __init__(self) -> None:
        super().__init__("This is no code of a gift card. Please look at each letter again.")


class GiftCardUnknown(GiftCardProblem, NotFound):
    """No card has this code."""

    def __init__(self) -> None:
        super().__init__("We do not know this gift card.")


class GiftCardVoid(GiftCardProblem, Conflict):
    """The house has voided the card."""

    def __init__(self) -> None:
        super().__init__("This gift card is not valid any more. Please ask us.")


class GiftCardElsewhere(GiftCardProblem, Conflict):
    """The card is in another currency than the house's."""

    def __init__(self) -> None:
        super().__init__("This gift card is in another currency than this house.")


class GiftCardEmpty(GiftCardProblem, Conflict):
    """Nothing is left on it."""

    def __init__(self) -> None:
        super().__init__("Nothing is left on this gift card.")


class GiftCardShort(GiftCardProblem, Conflict):
    """Less is left on it than the guest was shown. `details` has what is left."""


class GiftCardNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such gift card.")


class CardIssued(Conflict):
    """The same form was sent before: there is one card, and its code was shown then."""

    def __init__(self) -> None:
        super().__init__("This card was issued already. Its code was shown once.")


class CardRefused(Invalid):
    """A card of nothing, or of a fortune; voiding without a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCard:
    """`hint` is the end of its code, `balance_minor` the sum of its entries."""

    id: str
    hint: str
    currency: str
    issued_minor: int
    balance_minor: int
    note: str | None
    issued_at: datetime
    voided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEntry:
    number: int
    kind: CardEntryKind
    amount_minor: int
    balance_minor: int
    order_id: str | None
    order_number: str | None
    reason: str | None
    actor_name: str
    happened_at: datetime


def code_of(chance: Iterable[int]) -> str:
    """A code from numbers below 32, with the character that checks them."""
    letters = "".join(ALPHABET[one] for one in chance)
    assert len(letters) == CHANCE_LENGTH
    return letters + check_of(letters)


def check_of(letters: str) -> str:
    """Luhn's method in base 32 (ISO/IEC 7812-1, annex B, for 10): one wrong character is found
    always, and two neighbours changing places nearly always.
    """
    base, total = len(ALPHABET), 0
    for place, letter in enumerate(reversed(letters)):
        value = ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // base + value % base
    return ALPHABET[-total % base]


def in_groups(code: str) -> str:
    """As it is printed: `XXXX-XXXX-XXXX-XXXX-XXXX`."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """The code in its one spelling, whatever blanks, dashes and small letters were typed; O is read
    as 0, I and L as 1, U as V. Raises GiftCardMistyped.
    """
    plain = unicodedata.normalize("NFKC", typed[:TYPED_LENGTH_MAX]).upper().translate(LOOKS_LIKE)
    code = "".join(letter for letter in plain if letter.isalnum())
    is_ours = len(code) == CODE_LENGTH and all(letter in ALPHABET for letter in code)
    if not is_ours or check_of(code[:-1]) != code[-1]:
        raise GiftCardMistyped
    return code


def check_usable(card: GiftCard, currency: str) -> None:
    """Raises GiftCardVoid, GiftCardElsewhere, GiftCardEmpty."""
    if card.voided_at is not None:
        raise GiftCardVoid
    if card.currency != currency:
        raise GiftCardElsewhere
    if card.balance_minor <= 0:
        raise GiftCardEmpty


def short(balance_minor: int, currency: str) -> GiftCardShort:
    return GiftCardShort(
        Sentence.of(
            "Only {left} is left on this gift card. Please look at your order again.",
            left=Money(max(0, balance_minor), currency),
        ),
        leftMinor=max(0, balance_minor),
    )
