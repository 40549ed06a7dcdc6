"""Pages of a list: numbered for the contract, keyset cursors where tables grow."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from basis.errors import Invalid
from basis.ids import is_id

LIMIT_DEFAULT = 20
LIMIT_MAX = 50
PAGE_MAX = 100_000


class BadCursor(Invalid):
    """The cursor is not one that we gave out."""


@dataclass(frozen=True, slots=True)
class Page:
    """Page `number` of `limit` rows each, counted from 1; out-of-range values are brought in."""

    number: int = 1
    limit: int = LIMIT_DEFAULT

    @classmethod
    def of(cls, number: int | None, limit: int | None, *, limit_max: int = LIMIT_MAX) -> Page:
        return cls(
            number=min(max(number or 1, 1), PAGE_MAX),
            limit=min(max(limit or LIMIT_DEFAULT, 1), limit_max),
        )

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.limit


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after one row of a list ordered by (instant, id)."""

    at: datetime
    id: str

    def to_text(self) -> str:
        raw = msgspec.json.encode([self.at.isoformat(), self.id])
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """The cursor in a URL. Raises BadCursor."""
        try:
            padded = text + "=" * (-len(text) % 4)
            at, row_id = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=tuple[str, str])
            instant = datetime.fromisoformat(at)
            is_ours = instant.tzinfo is not None and is_id(row_id)
            # Near the first and the last year, another zone's instant has no place in UTC.
            instant = instant.astimezone(UTC) if is_ours else instant
        except (ValueError, OverflowError, binascii.Error, msgspec.MsgspecError) as error:
            raise BadCursor("This page of the list is gone. Please start from the top.") from error
        if not is_ours:
            raise BadCursor("This page of the list is gone. Please start from the top.")
        return cls(instant, row_id)


@dataclass(frozen=True, slots=True)
class Keyset:
    """The next `limit` rows after a cursor (or from the top)."""

    after: Cursor | None = None
    limit: int = LIMIT_DEFAULT
