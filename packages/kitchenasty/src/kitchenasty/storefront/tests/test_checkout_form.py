"""The checkout's form as it is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kitchenasty.checkout import ScheduleRefused
from kitchenasty.storefront.checkout_form import (
    NEVER_SHOWN,
    read_count,
    read_instant,
    read_total,
)


def test_numbers_longer_than_python_reads_are_no_numbers() -> None:
    assert read_total("9" * 5_000) == NEVER_SHOWN
    assert read_count("9" * 5_000) == 0


def test_a_time_is_read_in_any_zone() -> None:
    assert read_instant("2030-05-17T20:00:00+02:00") == datetime(2030, 5, 17, 18, tzinfo=UTC)
    assert read_instant("") is None


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "2030-05-17T20:00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ScheduleRefused):
        read_instant(text)
