"""What a coupon takes off, when it holds, and who counts as one person. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from basis.errors import Conflict, DomainError, Invalid, NotFound
from basis.money import Money, Rate, RateUnreadable
from basis.sentences import Sentence

CODE_LENGTH_MAX = 50
USES_MAX = 1_000_000
PERCENT_MAX = 100
DATE_LENGTH = 10
PHONE_DIGITS = 9
"""The end of a number is the same with and without the code of the country."""
DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Here dots in the name of a mailbox mean nothing."""


class CouponType(StrEnum):
    PERCENTAGE = "PERCENTAGE"
    FIXED = "FIXED"
    FREE_DELIVERY = "FREE_DELIVERY"


class CouponProblem(DomainError):
    """Why a coupon takes nothing off; the classes below say it more exactly."""


class CouponUnknown(CouponProblem, NotFound):
    """No coupon has this code, or the house does not take it."""

    def __init__(self) -> None:
        super().__init__("Invalid coupon code")


class CouponOff(CouponProblem, Conflict):
    """It is switched off."""


class CouponNotYet(CouponProblem, Conflict):
    """It holds later."""


class CouponExpired(CouponProblem, Conflict):
    """It does not hold any more."""


class CouponUsedUp(CouponProblem, Conflict):
    """All its uses are taken, by everybody or by this person."""


class CouponBelowMinimum(CouponProblem, Conflict):
    """The dishes cost less than it asks for. `details` has the minimum."""


class CouponIdle(CouponProblem, Conflict):
    """It would take nothing off this order."""


class CouponBeaten(CouponProblem, Conflict):
    """A promotion that holds now makes it cheaper, and the two cannot be had together."""

    def __init__(self) -> None:
        super().__init__("What is cheaper now takes off more than this coupon. Keep it for later.")


class CouponRefused(Invalid):
    """A field of the coupon does not fit; the sentence says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """`starts` and `ends` are wall clock of whichever house it is used at, ISO text."""

    id: str
    code: str
    type: CouponType
    house_id: str | None
    currency: str
    rate_millionths: int
    amount_minor: int
    min_order_minor: int
    cap_minor: int | None
    uses: int
    uses_max: int | None
    per_customer_max: int
    starts: str | None
    ends: str | None
    is_active: bool
    created_at: datetime
    updated_at: datetime

    def takes_off(self, goods_minor: int) -> int:
        """Of the dishes alone; free delivery takes off a fee that is known at the checkout."""
        if self.type is CouponType.FREE_DELIVERY:
            return 0
        if self.type is CouponType.FIXED:
            wanted = self.amount_minor
        else:
            wanted = Rate(self.rate_millionths).of(goods_minor)
        return min(wanted, goods_minor, goods_minor if self.cap_minor is None else self.cap_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponDraft:
    """A coupon as somebody wants it. An empty code is chosen by chance; `starts` and `ends` are
    wall clock of the house, ISO text, the end exclusive.
    """

    code: str
    type: CouponType
    currency: str
    house_id: str | None = None
    rate_millionths: int = 0
    amount_minor: int = 0
    min_order_minor: int = 0
    cap_minor: int | None = None
    uses_max: int | None = None
    per_customer_max: int = 1
    starts: str | None = None
    ends: str | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when it is to be used."""

    house_id: str
    currency: str
    zone: str
    now: datetime


def code_key(text: str) -> str:
    """How codes are compared: capitals, no blanks, whatever a phone made of them."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())[: CODE_LENGTH_MAX + 1]


def wall_clock(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="seconds")


def check_holds(coupon: Coupon, place: Place) -> None:
    """Raises CouponUnknown, CouponOff, CouponNotYet, CouponExpired, CouponUsedUp."""
    if coupon.house_id not in (None, place.house_id) or coupon.currency != place.currency:
        raise CouponUnknown
    if not coupon.is_active:
        raise CouponOff("This coupon is not active.")
    wall = wall_clock(place.now, place.zone)
    if coupon.starts is not None and wall < coupon.starts:
        raise CouponNotYet("This coupon is not valid yet.", startsAt=coupon.starts)
    if coupon.ends is not None and wall >= coupon.ends:
        raise CouponExpired("This coupon has expired.")
    if coupon.uses_max is not None and coupon.uses >= coupon.uses_max:
        raise used_up()


def check_minimum(coupon: Coupon, goods_minor: int) -> None:
    """Raises CouponBelowMinimum. Dishes count as listed, before anything is taken off."""
    if goods_minor < coupon.min_order_minor:
        raise CouponBelowMinimum(
            Sentence.of(
                "Minimum order amount is {least}.",
                least=Money(coupon.min_order_minor, coupon.currency),
            ),
            minimumMinor=coupon.min_order_minor,
        )


def used_up() -> CouponUsedUp:
    return CouponUsedUp("This coupon has been used as often as it may be.")


def used_up_by_you() -> CouponUsedUp:
    return CouponUsedUp("You have used this coupon as often as one person may.")


def signs_of(
    customer_id: str | None, emails: Iterable[str | None], phone: str | None
) -> Iterator[str]:
    """All that somebody is known by. Whoever comes again with one of them is the same person."""
    if customer_id:
        yield f"account {customer_id}"
    yield from {f"email {mailbox_of(email)}" for email in emails if email}
    digits = digits_of(phone or "")
    if digits:
        yield f"phone {digits[-PHONE_DIGITS:]}"


def mailbox_of(email: str) -> str:
    """One spelling for all addresses that reach one mailbox: no capitals, no `+tag`."""
    name, _, host = unicodedata.normalize("NFKC", email).strip().casefold().rpartition("@")
    name = name.partition("+")[0] or name
    if host in DOTLESS:
        name, host = name.replace(".", ""), "gmail.com"
    return f"{name}@{host}"


def digits_of(phone: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(unicodedata.digit(c)) for c in phone if c.isdigit())


def rate_of(value: Decimal) -> Rate:
    """Raises CouponRefused for more than 100 % or more than four decimals."""
    # A short text can say a number of a million digits: compare before writing it out.
    if value.is_finite() and 0 <= value <= PERCENT_MAX:
        try:
            return Rate.parse(f"{value:f}")
        except RateUnreadable:
            pass
    raise CouponRefused("A percentage lies above 0 and goes up to 100, like 10 or 12.5.")


def wall_of(text: str | None, zone: str, *, is_end: bool = False) -> str | None:
    """A date, or an instant, as wall clock of the house. A date at the end is meant with the whole
    of its day. Raises CouponRefused.
    """
    if not text:
        return None
    try:
        if len(text) == DATE_LENGTH:
            day = date.fromisoformat(text) + timedelta(days=is_end)
            return f"{day.isoformat()}T00:00:00"
        given = datetime.fromisoformat(text)
        local = given if given.tzinfo is None else given.astimezone(ZoneInfo(zone))
        return local.replace(tzinfo=None).isoformat(timespec="seconds")
    except (ValueError, OverflowError) as error:
        raise CouponRefused("A day like 2030-05-17 or a time like 2030-05-17T18:30:00Z.") from error


def last_day_of(ends: str | None) -> str | None:
    """The last day on which something holds that ends at this moment."""
    if ends is None:
        return None
    return (datetime.fromisoformat(ends) - timedelta(seconds=1)).date().isoformat()
