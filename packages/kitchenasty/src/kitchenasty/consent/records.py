"""What is written about cookies: drafts of categories, questions, answers, counts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kitchenasty.consent.rules import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDraft:
    """A category as its people write it. `cookies` are names, `_pk_*` for all that begin so."""

    name: str
    label: str
    description: str
    cookies: tuple[str, ...] = ()
    is_required: bool = False
    is_active: bool = True
    sort_order: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What guests were asked from `created_at` on."""

    version: int
    asked: list[dict[str, Any]]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A row of the log. `visitor` is the same for all answers of one browser that has accepted
    something.
    """

    id: str
    category_id: str
    category: str
    version: int
    accepted: bool
    customer_id: str | None
    visitor: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """How a category was answered, in all versions that are still in the log."""

    category: Category
    accepted: int
    declined: int

    @property
    def total(self) -> int:
        return self.accepted + self.declined

    @property
    def percent(self) -> int | None:
        """Of a hundred who answered so many agree; None as long as nobody has."""
        return round(100 * self.accepted / self.total) if self.total else None
