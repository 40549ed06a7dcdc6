"""The worked totals of money.json: from public documentation, or derived where none was published.

Each vector is a test with its name. The file says where each comes from.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kitchenasty.orders.totals.tests import (
    vectors_of_charges,
    vectors_of_discounts,
    vectors_of_payments,
    vectors_of_taxes,
)

Check = Callable[[dict[str, Any], Any], None]
VECTORS = json.loads(Path(__file__).with_name("money.json").read_text(encoding="utf-8"))
CHECKS: dict[str, Check] = {
    **vectors_of_taxes.CHECKS,
    **vectors_of_discounts.CHECKS,
    **vectors_of_charges.CHECKS,
    **vectors_of_payments.CHECKS,
}


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{v['id']}: {v['rule']}" for v in VECTORS])
def test_comes_to_the_amounts_of(vector: dict[str, Any]) -> None:
    CHECKS[vector["id"]](vector["inputs"], vector["expected"])


def test_every_vector_is_checked_once() -> None:
    assert sorted(CHECKS) == sorted(vector["id"] for vector in VECTORS)
    print(f"R5: {len(CHECKS)} published and derived totals exact to the minor unit")
    assert len(CHECKS) == 58
