"""What holds for the whole group: how guests reach it, and how new houses begin."""

from __future__ import annotations

import re
from typing import Final

from basis.sentences import word
from kitchenasty.settings.fields import Field, Group
from kitchenasty.settings.kinds import Kind

ADDRESS = re.compile(r"[^\s@<>\"',;:()\\]+@[^\s@<>\"',;:()\\]+\.[^\s@<>\"',;:()\\]+")
PHONE = re.compile(r"\+?[\d ()/.-]{3,40}")
KILOMETRES: Final = "km"
MILES: Final = "mi"

GENERAL = Group(
    "general",
    (
        Field(
            name="contactEmail",
            label=word("Address for questions"),
            shape=ADDRESS,
            length_max=254,
            can_be_empty=True,
            hint=word(
                "An address like hello@juniper.example. Guests read it at the foot of every page "
                "and letter. Empty: none."
            ),
        ),
        Field(
            name="contactPhone",
            label=word("Phone for questions"),
            shape=PHONE,
            length_max=40,
            can_be_empty=True,
            hint=word(
                "Digits and blanks, like +49 30 1234567. It stands beside the address. Empty: none."
            ),
        ),
        Field(
            name="distanceUnit",
            label=word("How distances are said"),
            default=KILOMETRES,
            choices=((KILOMETRES, word("Kilometres")), (MILES, word("Miles"))),
            hint=word("On the map of delivery zones, and where an address is checked."),
        ),
        Field(
            name="timezone",
            label=word("Time zone of new houses"),
            kind=Kind.ZONE,
            default="UTC",
            hint=word("A name like Europe/Berlin. A house that is open already keeps its own."),
        ),
        Field(
            name="defaultCurrency",
            label=word("Currency of new houses"),
            default="EUR",
            shape=re.compile("[A-Z]{3}"),
            length_max=3,
            hint=word("Three capital letters like EUR. A house that is open keeps its own."),
        ),
    ),
)
