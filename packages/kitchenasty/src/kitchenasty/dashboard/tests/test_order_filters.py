from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty import orders
from kitchenasty.dashboard.order_filters import Wanted
from kitchenasty.kit.principals import Kind, Principal, Role

BERLIN = "Europe/Berlin"
MILL, DOCK = "01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000002"
COOK = Principal(kind=Kind.STAFF, id="cook", role=Role.STAFF, house_ids=frozenset({MILL}))
OWNER = Principal(kind=Kind.STAFF, id="owner", role=Role.SUPER_ADMIN)


def test_the_address_says_it_all_and_is_read_back() -> None:
    query = {"state": "late", "type": "PICKUP", "from": "2030-05-17", "q": "Anna & Co"}
    wanted = Wanted.of(query)
    assert wanted.address() == (
        "/admin/orders?state=late&type=PICKUP&from=2030-05-17&q=Anna+%26+Co"
    )
    assert wanted.address(after="x").endswith("&after=x")
    assert Wanted().address() == "/admin/orders"


def test_days_are_those_of_the_wall_clock() -> None:
    wanted = Wanted.of({"from": "2030-03-31", "to": "2030-03-31"}).to_filter(OWNER, BERLIN)
    assert wanted.placed_from == datetime(2030, 3, 30, 23, tzinfo=UTC)
    assert wanted.placed_before == datetime(2030, 3, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("house", "principal", "houses"),
    [
        ("", OWNER, None),
        (DOCK, OWNER, {DOCK}),
        ("", COOK, {MILL}),
        (MILL, COOK, {MILL}),
        (DOCK, COOK, set()),
    ],
)
def test_nobody_asks_for_a_house_that_is_not_theirs(
    house: str, principal: Principal, houses: set[str] | None
) -> None:
    assert Wanted(house=house).to_filter(principal, BERLIN).house_ids == houses


def test_open_and_late_are_all_open_states() -> None:
    assert Wanted.of({"state": "late"}).statuses == orders.OPEN_STATUSES
    assert Wanted.of({"state": "CANCELLED"}).statuses == (orders.OrderStatus.CANCELLED,)


@given(st.dictionaries(st.sampled_from(["state", "type", "house", "from", "to", "q"]), st.text()))
def test_nonsense_in_the_address_is_left_out(query: dict[str, str]) -> None:
    wanted = Wanted.of(query)
    wanted.to_filter(OWNER, BERLIN)
    assert wanted.address().startswith("/admin/orders")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_fault(day: str) -> None:
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        found = Wanted.of({"from": day, "to": day}).to_filter(OWNER, zone)
        assert found.house_ids == OWNER.house_ids
