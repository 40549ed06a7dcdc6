"""What a code is, what a day is, and who is one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kitchenasty.promotions import rules
from kitchenasty.promotions.rules import Coupon, CouponType, Place

NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
COUPON = Coupon(
    id="1",
    code="SUMMER",
    type=CouponType.PERCENTAGE,
    house_id=None,
    currency="EUR",
    rate_millionths=100_000,
    amount_minor=0,
    min_order_minor=0,
    cap_minor=None,
    uses=0,
    uses_max=None,
    per_customer_max=1,
    starts=None,
    ends=None,
    is_active=True,
    created_at=NOW,
    updated_at=NOW,
)


def berlin(at: str, *, zone: str = "Europe/Berlin", currency: str = "EUR") -> Place:
    instant = datetime.fromisoformat(at)
    return Place(house_id="mill", currency=currency, zone=zone, now=instant)


def refused(coupon: Coupon, place: Place) -> str | None:
    try:
        rules.check_holds(coupon, place)
    except rules.CouponProblem as problem:
        return problem.code
    return None


@pytest.mark.parametrize("typed", ["summer", " SUM MER ", "Ｓummer"])
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    assert rules.code_key(typed) == "SUMMER"


def test_the_last_day_counts_until_midnight_in_the_houses_zone() -> None:
    ends = rules.wall_of("2030-06-01", "Europe/Berlin", is_end=True)
    coupon = replace(COUPON, ends=ends)
    assert refused(coupon, berlin("2030-06-01T21:59:59+00:00")) is None
    assert refused(coupon, berlin("2030-06-01T22:00:00+00:00")) == "CouponExpired"
    # The same coupon, the same instant, another house.
    assert refused(coupon, berlin("2030-06-01T22:00:00+00:00", zone="America/New_York")) is None
    assert rules.last_day_of(ends) == "2030-06-01"


def test_the_first_day_begins_at_midnight_in_the_houses_zone() -> None:
    coupon = replace(COUPON, starts=rules.wall_of("2030-06-01", "Europe/Berlin"))
    assert refused(coupon, berlin("2030-05-31T21:59:59+00:00")) == "CouponNotYet"
    assert refused(coupon, berlin("2030-05-31T22:00:00+00:00")) is None


def test_an_instant_is_kept_as_the_houses_wall_clock() -> None:
    assert rules.wall_of("2030-06-01T16:00:00.000Z", "Europe/Berlin") == "2030-06-01T18:00:00"


@pytest.mark.parametrize("text", ["tomorrow", "2030-02-30", "9999-12-31", "0001-01-01T00:00:00Z"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(rules.CouponRefused):
        rules.wall_of(text, "America/New_York", is_end=True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_active": False}, "CouponOff"),
        ({"house_id": "harbour"}, "CouponUnknown"),
        ({"currency": "USD"}, "CouponUnknown"),
        ({"uses": 10, "uses_max": 10}, "CouponUsedUp"),
        ({"uses": 9, "uses_max": 10}, None),
    ],
)
def test_a_coupon_says_why_it_does_not_hold(changes: dict[str, object], code: str | None) -> None:
    assert refused(replace(COUPON, **changes), berlin("2030-06-01T12:00:00+00:00")) == code  # type: ignore[arg-type]  # the fields above


@pytest.mark.parametrize(
    ("changes", "goods", "off"),
    [
        ({}, 1_995, 200),
        ({"cap_minor": 150}, 10_000, 150),
        ({"type": CouponType.FIXED, "amount_minor": 500}, 300, 300),
        ({"type": CouponType.FREE_DELIVERY}, 2_000, 0),
    ],
)
def test_a_coupon_never_takes_more_than_there_is(
    changes: dict[str, object], goods: int, off: int
) -> None:
    assert replace(COUPON, **changes).takes_off(goods) == off  # type: ignore[arg-type]  # the fields above


SAME = [
    ("anna.berg@gmail.com", "AnnaBerg+pizza@googlemail.com"),
    ("anna@guest.example", "ANNA+2@guest.example"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_mailbox_is_one_person_however_it_is_spelt(one: str, other: str) -> None:
    assert rules.mailbox_of(one) == rules.mailbox_of(other)


def test_dots_matter_elsewhere() -> None:
    assert rules.mailbox_of("a.b@guest.example") != rules.mailbox_of("ab@guest.example")


@pytest.mark.parametrize("phone", ["+49 170 1234567", "0049-170/1234567", "0170 1234567"])
def test_one_phone_is_one_person_however_it_is_dialled(phone: str) -> None:
    assert list(rules.signs_of(None, (), phone)) == ["phone 701234567"]


@pytest.mark.parametrize("value", ["0.00001", "101", "NaN", "-1", "1e999"])
def test_what_is_no_percentage_is_refused(value: str) -> None:
    with pytest.raises(rules.CouponRefused):
        rules.rate_of(Decimal(value))
