"""Promotions that hold by themselves at certain hours of the week: when, and on which dishes. Pure.

The hours are those on the wall of the house. Where the clocks are put forward, an hour that is left
out has no happy hour; where they are put back, an hour that comes twice has it twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from basis.errors import Forbidden, Invalid, NotFound
from basis.kit.texts import whole_in
from basis.money import MILLION

NAME_LENGTH_MAX = 80
PROMOTIONS_MAX = 100
REACHED_MAX = 200
PRIORITY_MAX = 99
"""They come before coupons, whose places begin at 100, and before points."""
DAY_MINUTES = 24 * 60


class PromotionNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such promotion.")


class PromotionRefused(Invalid):
    """A field of the promotion does not fit; the sentence says which."""


class NotYourPromotion(Forbidden):
    def __init__(self) -> None:
        super().__init__("This promotion is not of your house, so it is not yours to change.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionDraft:
    """A rate or an amount off, from `starts` to `ends` minutes after midnight on `days` (0 is
    Sunday); what ends before it starts ends on the next day. Without categories and dishes it
    reaches every dish.
    """

    name: str
    currency: str
    house_id: str | None = None
    rate_millionths: int = 0
    amount_minor: int = 0
    is_per_portion: bool = False
    """Whether the amount is off each portion, or off all of them together."""
    category_ids: tuple[str, ...] = ()
    dish_ids: tuple[str, ...] = ()
    days: tuple[int, ...] = tuple(range(7))
    starts: int = 0
    ends: int = DAY_MINUTES
    priority: int = 50
    combines: bool = False
    """Whether a coupon can be used beside it."""
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(PromotionDraft):
    id: str

    def holds_at(self, instant: datetime, zone: str) -> bool:
        local = instant.astimezone(ZoneInfo(zone))
        weekday, minute = local.isoweekday() % 7, local.hour * 60 + local.minute
        if weekday in self.days and self.starts <= minute < self.ends:
            return True
        # What began yesterday may last beyond midnight.
        return (weekday - 1) % 7 in self.days and minute + DAY_MINUTES < self.ends

    def reaches(self, dish_id: str, category_ids: Iterable[str]) -> bool:
        """`category_ids` are the dish's category and all above it."""
        if not (self.category_ids or self.dish_ids):
            return True
        return dish_id in self.dish_ids or any(one in self.category_ids for one in category_ids)


def share_out(
    promotions: Sequence[Promotion], dishes: Mapping[str, Sequence[str]]
) -> list[tuple[Promotion, frozenset[str]]]:
    """Which promotion has which of the dishes (id to its categories). Each dish has one: the first
    by priority that reaches it.
    """
    left, shared = dict(dishes), []
    for promotion in sorted(promotions, key=lambda one: (one.priority, one.id)):
        reached = frozenset(
            dish_id for dish_id, above in left.items() if promotion.reaches(dish_id, above)
        )
        if reached:
            shared.append((promotion, reached))
            left = {dish_id: above for dish_id, above in left.items() if dish_id not in reached}
    return shared


def check_promotion(draft: PromotionDraft) -> None:
    """Raises PromotionRefused."""
    if not 0 < len(draft.name.strip()) <= NAME_LENGTH_MAX:
        raise PromotionRefused("Please give the promotion a name that guests will see.")
    if bool(draft.rate_millionths) == bool(draft.amount_minor):
        raise PromotionRefused("Please give either a percentage or an amount.")
    if not 0 <= draft.rate_millionths <= MILLION or draft.amount_minor < 0:
        raise PromotionRefused("A percentage lies above 0 and goes up to 100.")
    if not draft.days or not set(draft.days) <= set(range(7)):
        raise PromotionRefused("Please choose at least one day of the week.")
    if not (0 <= draft.starts < DAY_MINUTES and draft.starts < draft.ends <= 2 * DAY_MINUTES):
        raise PromotionRefused("Please give hours like 17:00 and 19:00.")
    if not 0 <= draft.priority <= PRIORITY_MAX:
        raise PromotionRefused("The place in the order is a number from 0 to 99.")


def minutes_of(text: str) -> int:
    """`17:30` as minutes after midnight; `24:00` is the end of the day. Raises PromotionRefused."""
    hours, _, minutes = text.partition(":")
    hour, minute = whole_in(hours, digits=2), whole_in(minutes, digits=2)
    if hour is not None and minute is not None and minute < 60:
        found = hour * 60 + minute
        if found <= DAY_MINUTES:
            return found
    raise PromotionRefused("Please give hours like 17:00 and 19:00.")


def wall_of_minutes(minutes: int) -> str:
    hours, rest = divmod(minutes if minutes <= DAY_MINUTES else minutes - DAY_MINUTES, 60)
    return f"{hours:02d}:{rest:02d}"


def window_of(starts: str, ends: str) -> tuple[int, int]:
    """From and to in minutes; what ends before it starts ends on the next day.

    Raises PromotionRefused.
    """
    first, last = minutes_of(starts), minutes_of(ends)
    return first, last if last > first else last + DAY_MINUTES
