"""Whether somebody may be sent advertising, by what they said and what they were told. Pure.

The law is that of the Union and of Germany (ePrivacy directive, article 13; UWG, section 7): who
agreed, may be. By mail also who bought here, was told of it when they left the address, and has not
objected, where the house makes use of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from basis.sentences import word

AGREED_DAYS = 4 * 365 + 1
"""What was agreed to so long ago, and never again, is no agreement any more. A no holds as long, so
that none goes before the yes that it took back.
"""
TOLD_DAYS = 2 * 365
"""Whoever bought nothing for so long is no customer."""
OPEN_DAYS = 7
"""So long a letter that asks to confirm can be answered."""
LONGEST = timedelta(days=AGREED_DAYS)


class Way(StrEnum):
    """How somebody is written to: at an address, at a number, on the phones of an account."""

    MAIL = "MAIL"
    TEXT = "TEXT"
    PUSH = "PUSH"


class Said(StrEnum):
    """AGREED and OBJECTED are what a guest said; TOLD is what the house did when they bought."""

    AGREED = "AGREED"
    OBJECTED = "OBJECTED"
    TOLD = "TOLD"


class Basis(StrEnum):
    """Whom the house advertises to: nobody; who agreed; and, by mail, who bought here."""

    OFF = "off"
    AGREED = "agreed"
    CUSTOMERS = "customers"


class Place(StrEnum):
    ACCOUNT = "ACCOUNT"
    CHECKOUT = "CHECKOUT"


IS_OFF = word("This house advertises to nobody; see the settings.")
OBJECTED = word("This guest wants no advertising.")
NEVER_AGREED = word("This guest has not agreed to advertising.")
ALLOWED = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One thing that was said, which counts since `at`."""

    said: Said
    at: datetime


def why_not(basis: Basis, remembered: Iterable[Remembered], *, has_stopped: bool) -> str:
    """The reason why somebody is not advertised to; `ALLOWED` if they may be. Of what they said the
    last word counts, of two at once the no, and a purchase takes no no back.
    """
    known = sorted(remembered, key=lambda one: (one.at, one.said is Said.OBJECTED))
    answers = [one.said for one in known if one.said is not Said.TOLD]
    if basis is Basis.OFF:
        return IS_OFF
    if has_stopped or (answers and answers[-1] is Said.OBJECTED):
        return OBJECTED
    if answers or (basis is Basis.CUSTOMERS and known):
        return ALLOWED
    return NEVER_AGREED


def ends_after(said: Said) -> timedelta:
    """How long it is kept, from the moment that it counts."""
    return timedelta(days=TOLD_DAYS) if said is Said.TOLD else LONGEST
