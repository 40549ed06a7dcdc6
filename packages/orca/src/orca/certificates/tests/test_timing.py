"""When certificates are renewed and orders tried again, and what is no certificate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orca.certificates import BadCertificate, Material, is_due, may_try
from orca.certificates.material import facts_of, new_key, pem_of

BEGUN = datetime(2030, 1, 1, tzinfo=UTC)


def test_renewal_leaves_time_for_many_tries() -> None:
    ends_at = BEGUN + timedelta(days=90)
    for days, due in [(0, False), (59, False), (60, True), (89, True), (91, True)]:
        now = BEGUN + timedelta(days=days)
        assert is_due(begins_at=BEGUN, ends_at=ends_at, now=now) is due, days


def test_the_pause_after_failures_doubles_up_to_half_a_day() -> None:
    pauses = []
    for failures in (1, 2, 3, 8, 9, 1_000):
        minutes = 0
        while not may_try(
            failures=failures, failed_at=BEGUN, now=BEGUN + timedelta(minutes=minutes)
        ):
            minutes += 5
        pauses.append(minutes)
    assert pauses == [5, 10, 20, 640, 720, 720]


@pytest.mark.parametrize("chain", ["", "no PEM", "-----BEGIN CERTIFICATE-----\n-----END"])
def test_what_is_no_certificate_is_refused(chain: str) -> None:
    with pytest.raises(BadCertificate):
        facts_of(Material(chain, pem_of(new_key())))
