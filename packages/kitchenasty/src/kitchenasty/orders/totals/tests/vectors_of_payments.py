"""Vectors about cash, gift cards, refunds and split bills."""

from __future__ import annotations

from typing import Any

from kitchenasty.orders.totals import Share, ShareKind
from kitchenasty.orders.totals.breakdown import TaxedPiece, TaxOnPiece
from kitchenasty.orders.totals.refunds import open_account, refund_amount, refund_units
from kitchenasty.orders.totals.splits import split_by_guest, split_by_shares
from kitchenasty.orders.totals.tenders import (
    Tender,
    TenderKind,
    cash_back,
    round_cash,
    settle,
)
from kitchenasty.orders.totals.tests.builders import line, lines, sell, standard
from kitchenasty.orders.totals.tests.vectors_of_discounts import amount


def share(key: str, gross_minor: int, tax_minor: int, units: int = 1) -> Share:
    piece = TaxedPiece(gross_minor, (TaxOnPiece(0, tax_minor),))
    return Share(ShareKind.LINE, key, units, (piece,))


def cash_rounding(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["net"]), standard(given["rate"], prices_include_tax=False))
    assert (found.total_minor, found.tax_minor) == (expected["total"], expected["tax"])
    step = given["cash_increment"]
    note = Tender(TenderKind.CASH, "counter", 2_000)
    paid = settle(found.total_minor, [note], cash_step_minor=step)
    assert (paid.taken, paid.rounding_minor) == ((expected["cash"],), expected["rounding"])
    assert paid.change_minor == 2_000 - expected["cash"]
    assert -cash_back(0, found.total_minor, cash_step_minor=step) == expected["refund"]


def nearest_five(given: dict[str, Any], expected: Any) -> None:
    assert [round_cash(minor, 5) for minor in given["values"]] == expected["r"]


def nearest_krona(given: dict[str, Any], expected: Any) -> None:
    assert [round_cash(minor, 100) for minor in given["v"]] == expected["r"]


def amount_in_proportion(given: dict[str, Any], expected: Any) -> None:
    pairs = zip(given["lines_gross"], given["lines_tax"], strict=True)
    account = open_account([share(str(n), *pair) for n, pair in enumerate(pairs)])
    refund = refund_amount(account, given["refund"])
    assert [part.minor for part in refund.parts] == expected["refund"]
    assert [dict(part.taxes)[0] for part in refund.parts] == expected["tax"]


def units_with_their_tax(given: dict[str, Any], expected: Any) -> None:
    taxed = standard(given["rate"], prices_include_tax=False)
    found = sell((line("a", given["unit"], given["qty"]),), taxed)
    assert found.total_minor == expected["total"]
    account, taxes = open_account(found.shares), []
    for _ in range(given["qty"]):
        refund = refund_units(account, "a", 1)
        taxes.append(refund.tax_minor)
        account = account.after(refund)
    assert taxes == expected["unit_refund_tax"]
    assert account.left_minor == 0


def the_rest(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["paid"]), standard("7"))
    first = refund_amount(open_account(found.shares), given["refunded"])
    last = refund_amount(open_account(found.shares, [first]), expected["rest"])
    assert (last.minor, last.tax_minor) == (expected["rest"], expected["tax_left"])
    assert first.tax_minor + last.tax_minor == found.tax_minor
    assert open_account(found.shares, [first, last]).left_minor == 0


def units_one_by_one(given: dict[str, Any], expected: Any) -> None:
    unit = -(-given["line"] // given["qty"])
    cents_off = amount(unit * given["qty"] - given["line"])
    found = sell((line("a", unit, given["qty"]),), standard("7"), discounts=(cents_off,))
    account, slices = open_account(found.shares), []
    for _ in range(given["qty"]):
        refund = refund_units(account, "a", 1)
        slices.append(refund.minor)
        account = account.after(refund)
    assert slices == expected["slices"]


def by_guest(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(*given["own"], given["shared"]), standard("7"))
    eaten = {"0": (1, 0, 0), "1": (0, 1, 0), "2": (0, 0, 1), "3": (1, 1, 1)}
    bills = split_by_guest(found.shares, eaten, 3)
    assert [bill.minor for bill in bills] == expected["p"]
    assert (found.total_minor, found.tax_minor) == (expected["total"], expected["tax"])
    assert [bill.tax_minor for bill in bills] == [104, 145, 87]


def tax_by_weight(given: dict[str, Any], expected: Any) -> None:
    bill = [share("all", sum(given["weights"]), given["tax"])]
    parts = split_by_shares(bill, given["weights"])
    assert [part.minor for part in parts] == given["weights"]
    assert [part.tax_minor for part in parts] == expected["p"]


def gift_card(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["items"]), standard("7"))
    paid = settle(found.total_minor, [Tender(TenderKind.GIFT, "card", given["gift"])])
    assert (found.tax_minor, paid.left_minor) == (expected["tax"], expected["due"])


CHECKS = {
    "OR4": cash_rounding,
    "OC1": nearest_five,
    "D18": nearest_krona,
    "ST2": amount_in_proportion,
    "GI1": units_with_their_tax,
    "D15": the_rest,
    "D16": units_one_by_one,
    "D12": by_guest,
    "D13": tax_by_weight,
    "D27": gift_card,
}
