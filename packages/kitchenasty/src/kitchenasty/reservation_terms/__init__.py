"""On which terms a house takes reservations, and what it asks of guests before. Others use only
these names.
"""

from kitchenasty.reservation_terms.agreed import ASK_WORDS, Agreed, Ask, read_agreed
from kitchenasty.reservation_terms.asking import (
    CARD_KEPT_DAYS,
    agree,
    agreed_of,
    find_words,
    takes_cards,
    takes_money,
)
from kitchenasty.reservation_terms.letter_kinds import LETTER_SETTINGS, LETTER_WORDS, LetterKind
from kitchenasty.reservation_terms.service import has_own_terms, load_terms, set_terms
from kitchenasty.reservation_terms.settings import RESERVATION
from kitchenasty.reservation_terms.terms import (
    ASK_HOURS_MAX,
    INTERVALS,
    PARTY_MAX,
    STAY_MINUTES_MAX,
    TURNS_MAX,
    Terms,
    TermsRefused,
    Turn,
)

__all__ = [
    "ASK_HOURS_MAX",
    "ASK_WORDS",
    "CARD_KEPT_DAYS",
    "INTERVALS",
    "LETTER_SETTINGS",
    "LETTER_WORDS",
    "PARTY_MAX",
    "RESERVATION",
    "STAY_MINUTES_MAX",
    "TURNS_MAX",
    "Agreed",
    "Ask",
    "LetterKind",
    "Terms",
    "TermsRefused",
    "Turn",
    "agree",
    "agreed_of",
    "find_words",
    "has_own_terms",
    "load_terms",
    "read_agreed",
    "set_terms",
    "takes_cards",
    "takes_money",
]
