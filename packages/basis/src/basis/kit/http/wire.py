"""The JSON that the contract speaks: an envelope, camelCase, exact money, millisecond instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import msgspec
import msgspec.inspect
from msgspec import UNSET, UnsetType

from basis.errors import Invalid
from basis.kit.texts import one_line, paragraphs
from basis.money import exponent_of

T = TypeVar("T")

Amount = Decimal
"""Money in major units, an exact JSON number: 12.90, never 12.899999."""

MAJOR_MAX = 1_000_000
AMOUNTS_KEPT = 4_096
STAMPS_KEPT = 4_096
Price = Annotated[Decimal, msgspec.Meta(extra_json_schema={"minimum": 0, "maximum": MAJOR_MAX})]
"""Money that comes in, in major units. `bounded_minor` holds it to its bounds."""
Change = Annotated[
    Decimal, msgspec.Meta(extra_json_schema={"minimum": -MAJOR_MAX, "maximum": MAJOR_MAX})
]
"""The same for what may be taken off."""

PicturePath = Annotated[str, msgspec.Meta(max_length=300, pattern=r"^(/[A-Za-z0-9_.-]+)*$")]
"""A picture of this site, such as `/uploads/ab12.webp`: pages show none from elsewhere."""

Version = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
"""How often a thing was changed, as whoever changes it now has seen it."""

Stamp = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""An instant as `2026-03-15T18:00:00.000Z`."""

ENCODER = msgspec.json.Encoder(decimal_format="number")


class BadAmount(Invalid):
    """An amount has more decimals than its currency, or is not finite."""


class WireStruct(msgspec.Struct, rename="camel"):
    """A shape of the contract. Unknown fields of requests are tolerated, as the contract wants.

    Subclasses say `kw_only=True` themselves: msgspec does not hand it down.
    """


class PageOf(WireStruct, kw_only=True):
    """Where one is in a numbered list."""

    page: int
    limit: int
    total: int
    total_pages: int


class Form(WireStruct):
    """A shape that comes in. Its texts are made one line of what a reader can see, since names end
    up on printers, in logs and in front of staff. A text of nothing else is refused.
    """

    VERBATIM: ClassVar[frozenset[str]] = frozenset()
    """Fields that are compared and never shown, such as passwords."""
    PARAGRAPHS: ClassVar[frozenset[str]] = frozenset()
    """Fields that may have several lines."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            given = getattr(self, name)
            if type(given) is str and name not in self.VERBATIM:  # not the value of an enum
                setattr(self, name, self._clean(name, given))
            elif isinstance(given, list) and given and type(given[0]) is str:
                setattr(self, name, [one_line(text) for text in given])

    def _clean(self, name: str, given: str) -> str:
        kept = paragraphs(given) if name in self.PARAGRAPHS else one_line(given)
        if not kept and (given.strip() or name in fields_to_fill(type(self))):
            raise ValueError(f"{name}: please write something that can be read")
        return kept


@cache
def fields_to_fill(kind: type[Form]) -> frozenset[str]:
    """The fields whose text must not be empty."""
    shape = msgspec.inspect.type_info(kind)
    assert isinstance(shape, msgspec.inspect.StructType)
    return frozenset(
        field.name
        for field in shape.fields
        for part in getattr(field.type, "types", (field.type,))
        if isinstance(part, msgspec.inspect.StrType) and part.min_length
    )


class Envelope(msgspec.Struct, Generic[T], kw_only=True, rename="camel"):
    """What every call answers when it succeeds."""

    success: bool = True
    data: T | UnsetType = UNSET
    pagination: PageOf | UnsetType = UNSET
    message: str | UnsetType = UNSET


class Problem(WireStruct, kw_only=True):
    """What every call answers when it is refused: a sentence for people, a code for programs."""

    success: bool = False
    error: str
    code: str
    details: dict[str, Any] | UnsetType = UNSET


def ok(data: T, *, message: str | UnsetType = UNSET) -> Envelope[T]:
    return Envelope(data=data, message=message)


def listed(data: Sequence[T], *, page: int, limit: int, total: int) -> Envelope[list[T]]:
    pages = -(-total // limit)
    return Envelope(
        data=list(data), pagination=PageOf(page=page, limit=limit, total=total, total_pages=pages)
    )


def done(message: str) -> Envelope[None]:
    return Envelope(message=message)


@lru_cache(AMOUNTS_KEPT)
def amount(minor: int, currency: str) -> Decimal:
    """Minor units as an exact number of major units with the currency's decimals."""
    return Decimal(minor).scaleb(-exponent_of(currency))


def minor_of(value: Decimal, currency: str) -> int:
    """Major units as minor ones. Raises BadAmount rather than round what somebody typed."""
    scaled = value.scaleb(exponent_of(currency)) if value.is_finite() else value
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise BadAmount(f"{value} is not an amount of {currency}.")
    return int(scaled)


def bounded_minor(value: Decimal, currency: str, *, least: int = 0) -> int:
    """Like `minor_of`, between `least` and a million major units. Raises BadAmount."""
    # A short text can say a number of a million digits: compare before computing with it.
    if not value.is_finite() or not least <= value <= MAJOR_MAX:
        raise BadAmount(f"An amount lies between {least} and {MAJOR_MAX}.")
    return minor_of(value, currency)


@lru_cache(STAMPS_KEPT)
def stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"  # for +00:00


def stamp_or_none(instant: datetime | None) -> str | None:
    return None if instant is None else stamp(instant)
