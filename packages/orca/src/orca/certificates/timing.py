"""When a certificate is renewed, and when a failed order is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

LIFE_LEFT_PARTS = 3
"""Renewed when a third of its life is left: there is time for many tries, and for people."""
RETRY_FIRST = timedelta(minutes=5)
RETRY_LAST = timedelta(hours=12)


def is_due(*, begins_at: datetime, ends_at: datetime, now: datetime) -> bool:
    return ends_at - now <= (ends_at - begins_at) / LIFE_LEFT_PARTS


def may_try(*, failures: int, failed_at: datetime | None, now: datetime) -> bool:
    """Authorities count failed orders: the pause doubles, up to half a day."""
    if failed_at is None:
        return True
    pause = min(RETRY_FIRST * (1 << min(failures - 1, 16)), RETRY_LAST)
    return now - failed_at >= pause


def was_just_signed(
    *, begins_at: datetime, ends_at: datetime, kept_at: datetime, now: datetime
) -> bool:
    """Where a clock is wrong a new certificate may be due at once. Authorities count orders."""
    return kept_at <= now < kept_at + (ends_at - begins_at) / LIFE_LEFT_PARTS
