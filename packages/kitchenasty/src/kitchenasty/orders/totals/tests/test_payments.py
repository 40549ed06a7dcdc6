"""Tenders, refunds and split bills: what is refused, and what mirrors what."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitchenasty.orders.totals import Explanation, Sale, ShareKind, explain, total
from kitchenasty.orders.totals.charges import Tip
from kitchenasty.orders.totals.refunds import (
    NotOnThisBill,
    RefundTooLarge,
    open_account,
    refund_amount,
    refund_share,
    refund_units,
)
from kitchenasty.orders.totals.splits import split_by_guest, split_by_shares
from kitchenasty.orders.totals.tenders import (
    Settlement,
    Tender,
    TenderKind,
    TenderTooLarge,
    cash_back,
    round_cash,
    settle,
)
from kitchenasty.orders.totals.tests.builders import line, lines, profile, sell, standard
from kitchenasty.orders.totals.tests.carts import sales

GIFT, CARD, CASH = TenderKind.GIFT, TenderKind.CARD, TenderKind.CASH


def pay(due: int, *tenders: tuple[TenderKind, int], step: int = 5) -> Settlement:
    return settle(due, [Tender(kind, "t", minor) for kind, minor in tenders], cash_step_minor=step)


def test_only_the_part_in_cash_is_rounded() -> None:
    assert pay(1_572, (CARD, 1_572)) == Settlement((1_572,), 0, 0, 0)
    assert pay(1_572, (CASH, 1_000), (CARD, 1_000)) == Settlement((570, 1_000), -2, 430, 0)
    assert pay(1_573, (CASH, 2_000)) == Settlement((1_575,), 2, 425, 0)


def test_a_gift_card_is_used_first_and_never_beyond_what_is_due() -> None:
    assert pay(1_200, (CASH, 1_000), (GIFT, 500)) == Settlement((700, 500), 0, 300, 0)
    assert pay(300, (GIFT, 500), (CASH, 100)) == Settlement((300, 0), 0, 100, 0)


def test_cash_that_does_not_cover_the_rest_is_not_rounded() -> None:
    assert pay(1_572, (CASH, 1_000)) == Settlement((1_000,), 0, 0, 572)
    assert pay(1_573, (CASH, 1_573)) == Settlement((1_573,), 0, 0, 0)


def test_coins_of_two_people_make_one_sum() -> None:
    assert pay(1_572, (CASH, 1_000), (CASH, 1_000)) == Settlement((1_000, 570), -2, 430, 0)


def test_a_card_is_never_charged_more_than_is_due() -> None:
    with pytest.raises(TenderTooLarge):
        pay(1_000, (GIFT, 500), (CARD, 501))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.integers(0, 100_000),
    st.lists(st.tuples(st.sampled_from((GIFT, CASH)), st.integers(0, 60_000)), max_size=4),
    st.sampled_from((1, 5, 10, 100)),
)
def test_what_is_taken_and_what_is_left_is_what_was_due(
    due: int, tenders: Sequence[tuple[TenderKind, int]], step: int
) -> None:
    paid = pay(due, *tenders, step=step)
    assert sum(paid.taken) - paid.rounding_minor + paid.left_minor == due
    assert abs(paid.rounding_minor) * 2 <= step
    cash = sum(minor for kind, minor in tenders if kind is CASH)
    taken = sum(minor for (kind, _), minor in zip(tenders, paid.taken, strict=True) if kind is CASH)
    assert cash - taken == paid.change_minor


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=9), st.sampled_from((1, 5, 50, 100)))
def test_refunds_in_cash_hand_back_exactly_what_was_taken(pieces: list[int], step: int) -> None:
    handed, before = 0, 0
    for piece in pieces:
        handed += cash_back(before, piece, cash_step_minor=step)
        before += piece
    assert handed == round_cash(sum(pieces), step)


def test_more_than_is_left_is_not_refunded() -> None:
    found = sell((line("a", 500, 3), line("b", 700)), standard("7"))
    account = open_account(found.shares, [refund_units(open_account(found.shares), "a", 2)])
    with pytest.raises(RefundTooLarge, match="Only 1"):
        refund_units(account, "a", 2)
    with pytest.raises(RefundTooLarge):
        refund_units(account, "a", 0)
    with pytest.raises(RefundTooLarge):
        refund_amount(account, 1_201)
    with pytest.raises(RefundTooLarge):
        refund_amount(account, 0)
    with pytest.raises(NotOnThisBill):
        refund_share(account, ShareKind.LINE, "z")


def test_units_after_an_amount_share_what_is_left() -> None:
    found = sell((line("a", 500, 2),), standard("0"))
    account = open_account(found.shares)
    account = account.after(refund_amount(account, 400))
    one = refund_units(account, "a", 1)
    two = refund_units(account.after(one), "a", 1)
    assert (one.minor, two.minor) == (300, 300)


def test_the_tip_is_touched_last() -> None:
    found = sell(lines(1_000), standard("7"), tip=Tip(200))
    account = open_account(found.shares)
    first = refund_amount(account, 1_000)
    assert [part.kind for part in first.parts] == [ShareKind.LINE]
    rest = refund_amount(account.after(first), 200)
    assert [(part.kind, part.minor) for part in rest.parts] == [(ShareKind.TIP, 200)]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(sales(), st.integers(0, 2**32).map(Random))
def test_an_order_is_refunded_from_what_it_keeps(sale: Sale, chance: Random) -> None:
    found = total(sale)
    kept = msgspec.convert(msgspec.json.decode(msgspec.json.encode(explain(found))), Explanation)
    assert kept == explain(found)
    account, back = open_account(kept.shares), 0
    while account.left_minor:
        refund = refund_amount(account, chance.randint(1, account.left_minor))
        account, back = account.after(refund), back + refund.minor
    assert back == found.total_minor == kept.steps[-1].minor


def test_left_over_cents_of_an_even_split_go_to_those_named_first() -> None:
    found = sell(lines(1_000), standard("7"))
    parts = split_by_shares(found.shares, (1, 1, 1))
    assert [part.minor for part in parts] == [334, 333, 333]
    assert sum(part.tax_minor for part in parts) == found.tax_minor


def test_who_had_no_drinks_has_no_tax_on_drinks() -> None:
    goods = (line("pie", 1_070, tax_category="food"), line("beer", 1_190, tax_category="drink"))
    found = sell(goods, profile(food="7", drink="19"))
    parts = split_by_guest(found.shares, {"pie": (1, 0), "beer": (0, 1)}, 2)
    assert [tax.rate.to_text() for tax in found.taxes] == ["7", "19"]
    assert [part.taxes for part in parts] == [(70, 0), (0, 190)]
