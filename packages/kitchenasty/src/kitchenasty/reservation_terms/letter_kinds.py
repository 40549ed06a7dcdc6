"""Which letters there are about reservations, and the switch of each. Pure."""

from __future__ import annotations

from enum import StrEnum

from basis.sentences import word


class LetterKind(StrEnum):
    """The first five go to the guest, the others to the house."""

    REQUESTED = "REQUESTED"
    CONFIRMED = "CONFIRMED"
    CHANGED = "CHANGED"
    CANCELLED = "CANCELLED"
    """By the guest."""
    REFUSED = "REFUSED"
    """Cancelled by the house."""
    HOUSE_NEW = "HOUSE_NEW"
    HOUSE_CHANGED = "HOUSE_CHANGED"
    HOUSE_CANCELLED = "HOUSE_CANCELLED"

    @property
    def is_for_house(self) -> bool:
        return self in FOR_HOUSE


K = LetterKind
FOR_HOUSE = frozenset({K.HOUSE_NEW, K.HOUSE_CHANGED, K.HOUSE_CANCELLED})
LETTER_SETTINGS = {
    K.REQUESTED: "letterRequested",
    K.CONFIRMED: "letterConfirmed",
    K.CHANGED: "letterChanged",
    K.CANCELLED: "letterCancelled",
    K.REFUSED: "letterRefused",
    K.HOUSE_NEW: "letterHouseNew",
    K.HOUSE_CHANGED: "letterHouseChanged",
    K.HOUSE_CANCELLED: "letterHouseCancelled",
}
LETTER_WORDS = {
    K.REQUESTED: word("Write to guests that we have their request"),
    K.CONFIRMED: word("Write to guests that their table is confirmed"),
    K.CHANGED: word("Write to guests when their reservation was changed"),
    K.CANCELLED: word("Write to guests that they cancelled"),
    K.REFUSED: word("Write to guests when the house cancels"),
    K.HOUSE_NEW: word("Write to the house when a guest reserves"),
    K.HOUSE_CHANGED: word("Write to the house when a guest changes a reservation"),
    K.HOUSE_CANCELLED: word("Write to the house when a guest cancels"),
}
