"""What holds for every sale there is, in every currency, profile and policy."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basis.money import MILLION, Rounding
from kitchenasty.orders.totals import Breakdown, Sale, ShareKind, StepKind, total
from kitchenasty.orders.totals.policies import Scope, load_policy
from kitchenasty.orders.totals.refunds import (
    Account,
    Refund,
    open_account,
    refund_amount,
    refund_share,
    refund_units,
)
from kitchenasty.orders.totals.splits import BillPart, split_by_guest, split_by_shares
from kitchenasty.orders.totals.tests.carts import sales

SALES = 500
SALES_LONG = 10_000
seen: Counter[str] = Counter()
chances = st.integers(0, 2**32).map(Random)


def note(sale: Sale) -> None:
    seen.update((sale.currency, "inclusive" if sale.profile.prices_include_tax else "exclusive"))


def check_sums(sale: Sale) -> None:
    found = total(sale)
    note(sale)
    added = 0 if found.tax_is_included else found.tax_minor
    assert found.total_minor == (
        found.subtotal_minor
        + found.deposit_minor
        + found.delivery_fee_minor
        + found.service_minor
        - found.discount_minor
        + added
        + found.rounding_minor
        + found.tip_minor
    )
    assert found.total_minor >= 0
    assert sale.policy.scope is Scope.NETS or found.rounding_minor == 0
    assert sum(share.gross_minor for share in found.shares) == found.total_minor
    assert sum(share.tax_minor for share in found.shares) == found.tax_minor
    assert sum(tax.tax_minor for tax in found.taxes) == found.tax_minor


def check_steps(found: Breakdown) -> None:
    running = 0
    for step in found.steps[:-1]:
        running += 0 if step.kind is StepKind.TAX_INCLUDED else step.minor
        assert step.sum_minor == running
    assert found.steps[-1].kind is StepKind.TOTAL
    assert found.steps[-1].minor == running == found.total_minor


def check_discounts(sale: Sale, found: Breakdown) -> None:
    for one in found.lines:
        assert 0 <= one.discount_minor <= one.listed_minor
        assert one.charged_minor == one.listed_minor - one.discount_minor + one.deposit_minor
    caps = {one.id: one.cap_minor for one in sale.discounts}
    for taken in found.discounts:
        cap = caps[taken.id]
        assert cap is None or taken.minor <= cap
        assert taken.minor == sum(taken.line_minors) + taken.delivery_minor


def check_taxes(sale: Sale, found: Breakdown) -> None:
    """Where one tax lies on each thing, its amount is the exact share of the net, to less than a
    unit for each time that something was rounded.
    """
    if any(rule.tax == "CITY" for rule in sale.profile.rules):
        return
    rounded = 2 * len(found.shares) if sale.policy.scope is Scope.LINE else 1
    for tax in found.taxes:
        rate = Fraction(tax.rate.millionths, MILLION)
        assert abs(tax.tax_minor - tax.net_minor * rate) < rounded * (1 + rate)


def check_sale(sale: Sale) -> None:
    found = total(sale)
    check_sums(sale)
    check_steps(found)
    check_discounts(sale, found)
    check_taxes(sale, found)


@pytest.mark.parametrize("count", [SALES, pytest.param(SALES_LONG, marks=pytest.mark.long)])
def test_everything_adds_up_in_every_sale(count: int) -> None:
    seen.clear()
    drawn = given(sales())(check_sale)
    settings(max_examples=count, deadline=None, derandomize=True)(drawn)()
    kinds = dict(sorted(seen.items()))
    print(f"R5: {kinds['inclusive'] + kinds['exclusive']} sales of every kind add up: {kinds}")
    assert {"EUR", "USD", "JPY", "KWD"} <= kinds.keys()
    assert kinds["inclusive"] + kinds["exclusive"] >= count


def content(found: Breakdown) -> Counter[tuple[int, ...]]:
    return Counter(
        (one.listed_minor, one.discount_minor, one.charged_minor, one.tax_minor, one.gross_minor)
        for one in found.lines
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(sales(), chances)
def test_the_order_of_lines_changes_nothing(sale: Sale, chance: Random) -> None:
    mixed = list(sale.lines)
    chance.shuffle(mixed)
    one, other = total(sale), total(replace(sale, lines=tuple(mixed)))
    assert (one.total_minor, one.tax_minor, one.taxes) == (
        other.total_minor,
        other.tax_minor,
        other.taxes,
    )
    assert content(one) == content(other)
    assert [line.id for line in other.lines] == [line.id for line in mixed]


def next_refund(account: Account, chance: Random) -> Refund:
    """A part of a line, a line, a fee, an amount: whatever is left."""
    open_ones = [one for one in account.standings if one.left_minor]
    standing = chance.choice(open_ones)
    share, way = standing.share, chance.random()
    if way < 0.4 and share.kind is ShareKind.LINE and standing.units_left:
        return refund_units(account, share.key, chance.randint(1, standing.units_left))
    if way < 0.5:
        return refund_share(account, share.kind, share.key)
    return refund_amount(account, chance.randint(1, account.left_minor))


def refund_everything(found: Breakdown, chance: Random) -> list[Refund]:
    """Random refunds, of small amounts at first and then of what is left, until nothing is."""
    account, refunds = open_account(found.shares), []
    while account.left_minor:
        refunds.append(next_refund(account, chance))
        account = account.after(refunds[-1])
    return refunds


@settings(max_examples=300, deadline=None, derandomize=True)
@given(sales(), chances)
def test_any_refunds_end_at_exactly_zero_in_money_and_tax(sale: Sale, chance: Random) -> None:
    found = total(sale)
    refunds = refund_everything(found, chance)
    assert all(refund.minor >= 0 and refund.tax_minor >= 0 for refund in refunds)
    assert sum(refund.minor for refund in refunds) == found.total_minor
    returned: Counter[int] = Counter()
    for refund in refunds:
        returned.update(refund.taxes)
    assert {row: tax for row, tax in returned.items() if tax} == {
        row: tax.tax_minor for row, tax in enumerate(found.taxes) if tax.tax_minor
    }


def check_parts(found: Breakdown, parts: list[BillPart]) -> None:
    assert sum(part.minor for part in parts) == found.total_minor
    rows = zip(*(part.taxes for part in parts), strict=True)
    assert [sum(row) for row in rows] == [tax.tax_minor for tax in found.taxes]
    assert all(part.minor >= 0 and min(part.taxes, default=0) >= 0 for part in parts)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(sales(), st.lists(st.integers(0, 9), min_size=1, max_size=5), chances)
def test_the_parts_of_a_split_bill_add_up(sale: Sale, weights: list[int], chance: Random) -> None:
    found, guests = total(sale), len(weights)
    check_parts(found, split_by_shares(found.shares, weights))
    eaten = {line.id: [chance.randint(0, 2) for _ in range(guests)] for line in sale.lines}
    check_parts(found, split_by_guest(found.shares, eaten, guests))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(sales())
def test_by_rate_each_tax_is_rounded_once(sale: Sale) -> None:
    half_up = total(replace(sale, policy=load_policy("by-rate/half-up")))
    down = total(replace(sale, policy=load_policy("by-rate/down")))
    up = total(replace(sale, policy=load_policy(f"by-rate/{Rounding.UP}")))
    for low, middle, high in zip(down.taxes, half_up.taxes, up.taxes, strict=True):
        assert low.tax_minor <= middle.tax_minor <= high.tax_minor <= low.tax_minor + 1
