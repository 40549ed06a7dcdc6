"""How long another server asks us to wait, as it says it in the header Retry-After. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RETRY_AFTER_MAX = timedelta(days=1)
LENGTH_MAX = 60


def read_retry_after(text: str | None, now: datetime) -> timedelta | None:
    """The header as seconds or as a date; None if it says nothing that can be read."""
    if not text or len(text) > LENGTH_MAX or not text.isascii():
        return None
    if text.isdigit():
        return timedelta(seconds=min(int(text), int(RETRY_AFTER_MAX.total_seconds())))
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return min(max(instant - now, timedelta(0)), RETRY_AFTER_MAX)
