"""Where a house delivers, and what it asks for it there. Pure.

Guests type addresses and nobody looks them up on a map, so a postal code that a zone lists decides
alone. Coordinates are asked only where no zone lists the code: leaving them out, or sending others,
never leads to another fee (docs/adr/0010).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from basis.errors import Invalid
from basis.sentences import Sentence
from kitchenasty.locations.areas import Area, Place

CODES_MAX = 1_000
RANK_MAX = 1_000
NAME_LENGTH_MAX = 80
KEY_LENGTH_MAX = 12
SEPARATORS = re.compile(r"[,;\n]+")
NO_PART_OF_A_CODE = re.compile(r"[\s.-]+")
KEY = re.compile(rf"[A-Z0-9]{{1,{KEY_LENGTH_MAX}}}")
RANGE = re.compile(r"(\d{4,}) ?[-–] ?(\d{4,})")  # people type the long one too
WHOLE_NUMBERS = re.compile(r"\d{4,}(?: \d{4,})+")
ANY_REST = "*"


class PostalCodeRefused(Invalid):
    """A text in the list of a zone is no postal code, nor the beginning of one."""


class WhereaboutsNeeded(Invalid):
    """The house delivers within zones, and what is known of the address does not say which."""


class OutsideZones(Invalid):
    """The address lies in no zone of the house."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is known of where an address lies: the code as it was typed, a point if one was sent."""

    postal_code: str = ""
    place: Place | None = None

    @classmethod
    def of(cls, postal_code: str | None, lat: float | None, lng: float | None) -> Whereabouts:
        """What a client says; half a pair of coordinates is none."""
        place = None if lat is None or lng is None else Place(latitude=lat, longitude=lng)
        return cls(postal_code or "", place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A zone with its tariff, in minor units of the house's currency. What is None is as the house
    has it. Where zones overlap, the smallest `rank` holds.
    """

    id: str
    name: str
    rank: int
    fee_minor: int = 0
    min_order_minor: int | None = None
    free_from_minor: int | None = None
    """From so much on delivery is free; None: never."""
    minutes: int | None = None
    """From firing the order to handing it over."""
    postal_codes: tuple[str, ...] = ()
    """As `postal_key` spells them; one that ends in a star stands for all that begin so."""
    area: Area | None = None
    is_active: bool = True
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def is_used(self) -> bool:
        """A zone that says nowhere where it is takes part in nothing."""
        return self.is_active and bool(self.postal_codes or self.area)

    def lists(self, key: str) -> bool:
        return bool(key) and any(fits(key, code) for code in self.postal_codes)


def fits(key: str, code: str) -> bool:
    return key.startswith(code[:-1]) if code.endswith(ANY_REST) else key == code


def find_zone(zones: Iterable[Zone], where: Whereabouts) -> Zone:
    """The zone of an address: the first that lists its postal code; if none does, the first whose
    area holds its place. Raises WhereaboutsNeeded, OutsideZones.
    """
    key, place = postal_key(where.postal_code), where.place
    used = sorted((zone for zone in zones if zone.is_used), key=lambda one: (one.rank, one.id))
    for zone in used:
        if zone.lists(key):
            return zone
    areas = [(zone, zone.area) for zone in used if zone.area is not None]
    if place is None and (areas or not key):
        raise WhereaboutsNeeded(
            Sentence.of(
                "From the postal code {code} alone we cannot tell whether we deliver to you. "
                "Please call us.",
                code=where.postal_code,
            )
            if key
            else "Please tell us your postal code, so that we know whether we deliver to you."
        )
    for zone, area in areas:
        if place is not None and area.contains(place):
            return zone
    raise OutsideZones("This address is outside the area that we deliver to.")


def postal_key(text: str) -> str:
    """A postal code as it is compared: capitals and digits alone."""
    return NO_PART_OF_A_CODE.sub("", text).upper()


def read_codes(text: str) -> tuple[str, ...]:
    """Codes out of what somebody typed, each once: between commas, semicolons or lines, or numbers
    of four digits and more between blanks. Raises PostalCodeRefused.
    """
    parts = [" ".join(part.split()) for part in SEPARATORS.split(text)]
    given = [
        one
        for part in parts
        for one in (part.split() if WHOLE_NUMBERS.fullmatch(part) else [part])
        if one
    ]
    codes = tuple(dict.fromkeys(read_code(one) for one in given))
    if len(codes) > CODES_MAX:
        raise PostalCodeRefused(
            Sentence.of(
                "A zone lists up to {most} postal codes. A star at the end stands for all that "
                "begin so: 101*.",
                most=CODES_MAX,
            )
        )
    return codes


def read_code(text: str) -> str:
    """Raises PostalCodeRefused."""
    is_start = text.endswith(ANY_REST)
    key = postal_key(text.removesuffix(ANY_REST))
    span = RANGE.fullmatch(text)
    is_word = key.isalpha() and not is_start
    if not KEY.fullmatch(key) or is_word or (span and len(span[1]) == len(span[2])):
        raise PostalCodeRefused(
            Sentence.of(
                "“{text}” is no postal code. Separate them by commas; a star at the end stands "
                "for all that begin so: 101*.",
                text=text[:40],
            )
        )
    return key + ANY_REST if is_start else key
