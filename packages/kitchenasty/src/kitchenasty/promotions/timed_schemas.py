"""Promotions by the clock on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Amount, Form, Price, WireStruct, amount, bounded_minor
from basis.money import Rate
from kitchenasty.promotions.rules import CouponRefused, rate_of
from kitchenasty.promotions.windows import (
    NAME_LENGTH_MAX,
    PRIORITY_MAX,
    REACHED_MAX,
    Promotion,
    PromotionDraft,
    PromotionRefused,
    wall_of_minutes,
    window_of,
)

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LENGTH_MAX)]
IdText = Annotated[str, msgspec.Meta(max_length=36)]
Ids = Annotated[list[IdText], msgspec.Meta(max_length=REACHED_MAX)]
Days = Annotated[list[Annotated[int, msgspec.Meta(ge=0, le=6)]], msgspec.Meta(max_length=7)]
Clock = Annotated[str, msgspec.Meta(max_length=5)]
Place = Annotated[int, msgspec.Meta(ge=0, le=PRIORITY_MAX)]


class NewPromotion(Form, kw_only=True):
    """`percent` or `amount` off, on `days` (0 is Sunday) from `startTime` to `endTime` on the wall
    of the house; what ends before it starts ends on the next day. Without categories and items
    it reaches all of them. Of several, each item has the one with the lowest `priority`.
    """

    name: Name
    percent: Price | None = None
    amount: Price | None = None
    per_portion: bool = False
    category_ids: Ids = []
    menu_item_ids: Ids = []
    days: Days = msgspec.field(default_factory=lambda: list(range(7)))
    start_time: Clock = "00:00"
    end_time: Clock = "24:00"
    priority: Place = 50
    combines: bool = False
    is_active: bool = True
    location_id: IdText | None = None

    def to_draft(self, currency: str) -> PromotionDraft:
        """Raises PromotionRefused, BadAmount."""
        starts, ends = window_of(self.start_time, self.end_time)
        return PromotionDraft(
            name=self.name,
            currency=currency,
            house_id=self.location_id or None,
            rate_millionths=millionths_of(self.percent),
            amount_minor=0 if self.amount is None else bounded_minor(self.amount, currency),
            is_per_portion=self.per_portion,
            category_ids=tuple(self.category_ids),
            dish_ids=tuple(self.menu_item_ids),
            days=tuple(sorted(set(self.days))),
            starts=starts,
            ends=ends,
            priority=self.priority,
            combines=self.combines,
            is_active=self.is_active,
        )


class PromotionPatch(Form, kw_only=True):
    """What is left out stays."""

    name: Name | UnsetType = UNSET
    priority: Place | UnsetType = UNSET
    combines: bool | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

    def to_changes(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in given.items() if value is not UNSET}


class PromotionView(WireStruct, kw_only=True):
    """`holdsNow` is told at the house that was asked for."""

    id: str
    name: str
    percent: Decimal | None
    amount: Amount | None
    per_portion: bool
    category_ids: list[str]
    menu_item_ids: list[str]
    days: list[int]
    start_time: str
    end_time: str
    priority: int
    combines: bool
    is_active: bool
    currency: str
    location_id: str | None
    holds_now: bool

    @classmethod
    def of(cls, one: Promotion, *, holds_now: bool) -> PromotionView:
        is_share = bool(one.rate_millionths)
        return cls(
            id=one.id,
            name=one.name,
            percent=Decimal(Rate(one.rate_millionths).to_text()) if is_share else None,
            amount=None if is_share else amount(one.amount_minor, one.currency),
            per_portion=one.is_per_portion,
            category_ids=list(one.category_ids),
            menu_item_ids=list(one.dish_ids),
            days=list(one.days),
            start_time=wall_of_minutes(one.starts),
            end_time=wall_of_minutes(one.ends),
            priority=one.priority,
            combines=one.combines,
            is_active=one.is_active,
            currency=one.currency,
            location_id=one.house_id,
            holds_now=holds_now,
        )


def millionths_of(percent: Decimal | None) -> int:
    """Raises PromotionRefused."""
    if percent is None:
        return 0
    try:
        return rate_of(percent).millionths
    except CouponRefused as refusal:
        raise PromotionRefused(refusal.sentence) from refusal
