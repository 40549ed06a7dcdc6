"""Who may be sent advertising: what guests said, what they were told, and what the law makes of it.
Others use only these names.
"""

from kitchenasty.adverts.service import (
    AgreementGone,
    Spoken,
    agree,
    confirm,
    object_to,
    sell,
    tell,
)
from kitchenasty.adverts.states import (
    ALLOWED,
    IS_OFF,
    NEVER_AGREED,
    OBJECTED,
    Basis,
    Place,
    Said,
    Way,
)
from kitchenasty.adverts.terms import ADVERTS, load_basis
from kitchenasty.adverts.verdicts import find_verdicts, may_advertise
from kitchenasty.adverts.wordings import AGREE_BY_MAIL, MAY_OBJECT, Hint, find_hint, hear_checkout

__all__ = [
    "ADVERTS",
    "AGREE_BY_MAIL",
    "ALLOWED",
    "IS_OFF",
    "MAY_OBJECT",
    "NEVER_AGREED",
    "OBJECTED",
    "AgreementGone",
    "Basis",
    "Hint",
    "Place",
    "Said",
    "Spoken",
    "Way",
    "agree",
    "confirm",
    "find_hint",
    "find_verdicts",
    "hear_checkout",
    "load_basis",
    "may_advertise",
    "object_to",
    "sell",
    "tell",
]
