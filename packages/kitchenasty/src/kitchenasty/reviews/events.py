from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSubmitted(Event):
    """What it says is read from the books: a guest may be forgotten meanwhile."""

    topic: ClassVar[str] = "review.submitted"
    review_id: str
    house_id: str
    order_id: str | None
    rating: int
    is_approved: bool
