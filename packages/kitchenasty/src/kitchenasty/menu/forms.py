"""What the office sends to change the menu."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import MAJOR_MAX, Change, Form, PicturePath, Price, bounded_minor
from kitchenasty.menu.selection import Display
from kitchenasty.menu.service import (
    CategoryDraft,
    DishDraft,
    GroupDraft,
    MealtimeDraft,
    MenuRefused,
    ValueDraft,
)
from kitchenasty.menu.views import Component

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Slug = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
ShortText = Annotated[str, msgspec.Meta(max_length=1_000)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
RowId = Annotated[str, msgspec.Meta(max_length=36)]
Code = Annotated[str, msgspec.Meta(max_length=60)]
TaxCategory = Annotated[
    str, msgspec.Meta(min_length=1, max_length=40, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
]
Wall = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Days = Annotated[
    list[Annotated[int, msgspec.Meta(ge=0, le=6)]], msgspec.Meta(min_length=1, max_length=7)
]
OrderType = Annotated[str, msgspec.Meta(pattern="^(DELIVERY|PICKUP)$")]

CATEGORY_FIELDS = {
    "name": "name",
    "slug": "slug",
    "description": "description",
    "image": "image",
    "sort_order": "sort_order",
    "is_active": "is_active",
    "parent_id": "parent_id",
    "location_id": "house_id",
}
ITEM_FIELDS = {
    "name": "name",
    "description": "description",
    "image": "image",
    "is_active": "is_active",
    "is86": "is_86",
    "sort_order": "sort_order",
    "order_type": "order_type",
    "category_id": "category_id",
    "location_id": "house_id",
    "closed_to": "closed_to",
    "marks": "marks",
    "work_minutes": "work_minutes",
    "tax_category": "tax_category",
}


class CategoryPatch(Form, kw_only=True):
    PARAGRAPHS = frozenset({"description"})

    name: Name | UnsetType = UNSET
    description: ShortText | UnsetType | None = UNSET
    image: PicturePath | UnsetType | None = UNSET
    sort_order: Count | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    parent_id: RowId | UnsetType | None = UNSET
    location_id: RowId | UnsetType | None = UNSET

    def to_changes(self) -> dict[str, Any]:
        return given(self, CATEGORY_FIELDS)


class NewCategory(CategoryPatch, kw_only=True):
    name: Name
    slug: Slug

    def to_draft(self) -> CategoryDraft:
        return CategoryDraft(**self.to_changes())


class ValueForm(Form, kw_only=True):
    name: Name
    id: RowId | None = None
    price_modifier: Change = Decimal(0)
    is_default: bool = False
    sort_order: Count = 0
    allergens: Annotated[list[Code], msgspec.Meta(max_length=40)] = []

    def to_draft(self, currency: str) -> ValueDraft:
        return ValueDraft(
            id=self.id,
            name=self.name,
            modifier_minor=bounded_minor(self.price_modifier, currency, least=-MAJOR_MAX),
            is_default=self.is_default,
            allergens=tuple(self.allergens),
        )


class OptionForm(Form, kw_only=True):
    """With `id` (or the name of one that is there) the option stays the same one."""

    name: Name
    values: Annotated[list[ValueForm], msgspec.Meta(min_length=1, max_length=60)]
    id: RowId | None = None
    display_type: Display = Display.SELECT
    is_required: bool = False
    min_select: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    max_select: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    sort_order: Count = 0

    def to_draft(self, currency: str) -> GroupDraft:
        ordered = sorted(self.values, key=lambda value: value.sort_order)
        return GroupDraft(
            id=self.id,
            name=self.name,
            display=self.display_type,
            is_required=self.is_required,
            min_select=self.min_select,
            max_select=self.max_select,
            values=tuple(value.to_draft(currency) for value in ordered),
        )


class ComponentForm(Form, kw_only=True):
    """A part of a set menu: what it is, how it is taxed, and its price alone."""

    name: Name
    tax_category: TaxCategory
    price: Price

    def to_component(self, currency: str) -> Component:
        return Component(self.name, self.tax_category, bounded_minor(self.price, currency))


class ItemPatch(Form, kw_only=True):
    """What is left out stays; options, components, allergens and mealtimes are given as a whole."""

    PARAGRAPHS = frozenset({"description"})

    name: Name | UnsetType = UNSET
    description: Text | UnsetType | None = UNSET
    price: Price | UnsetType = UNSET
    image: PicturePath | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET
    is86: bool | UnsetType = UNSET
    sort_order: Count | UnsetType = UNSET
    track_stock: bool | UnsetType = UNSET
    stock_qty: Count | UnsetType = UNSET
    order_type: OrderType | UnsetType | None = UNSET
    category_id: RowId | UnsetType = UNSET
    location_id: RowId | UnsetType | None = UNSET
    closed_to: Annotated[list[RowId], msgspec.Meta(max_length=50)] | UnsetType = UNSET
    marks: Annotated[list[Code], msgspec.Meta(max_length=20)] | UnsetType = UNSET
    work_minutes: Annotated[int, msgspec.Meta(ge=0, le=600)] | UnsetType = UNSET
    tax_category: TaxCategory | UnsetType = UNSET
    deposit: Price | UnsetType = UNSET
    components: Annotated[list[ComponentForm], msgspec.Meta(max_length=12)] | UnsetType = UNSET
    options: Annotated[list[OptionForm], msgspec.Meta(max_length=30)] | UnsetType = UNSET
    allergen_ids: Annotated[list[RowId], msgspec.Meta(max_length=60)] | UnsetType = UNSET
    mealtime_ids: Annotated[list[RowId], msgspec.Meta(max_length=30)] | UnsetType = UNSET

    def to_changes(self, currency: str) -> dict[str, Any]:
        changes = given(self, ITEM_FIELDS)
        if self.price is not UNSET:
            changes["price_minor"] = bounded_minor(self.price, currency)
        if self.deposit is not UNSET:
            changes["deposit_minor"] = bounded_minor(self.deposit, currency)
        if self.components is not UNSET:
            changes["components"] = tuple(one.to_component(currency) for one in self.components)
        if self.track_stock is not UNSET:
            changes["tracks_stock"] = self.track_stock
        if self.stock_qty is not UNSET:
            changes["stock"] = self.stock_qty
        return changes

    def to_options(self, currency: str) -> list[GroupDraft] | None:
        if self.options is UNSET:
            return None
        ordered = sorted(self.options, key=lambda option: option.sort_order)
        return [option.to_draft(currency) for option in ordered]

    def to_allergens(self, codes: Mapping[str, str]) -> list[str] | None:
        """Codes of the allergens with these ids. Raises MenuRefused for one that is not there."""
        if self.allergen_ids is UNSET:
            return None
        if not codes.keys() >= set(self.allergen_ids):
            raise MenuRefused("Allergen not found")
        return [codes[one] for one in self.allergen_ids]


class NewItem(ItemPatch, kw_only=True):
    """Without `allergenIds` nobody has declared its allergens: they are unknown, not none."""

    name: Name
    slug: Slug
    price: Price
    category_id: RowId

    def to_draft(self, currency: str, codes: Mapping[str, str]) -> DishDraft:
        changes = self.to_changes(currency)
        is_counted = bool(changes.pop("tracks_stock", False))
        stock = changes.pop("stock", 0)
        allergens = self.to_allergens(codes)
        return DishDraft(
            **changes,
            slug=self.slug,
            stock=stock if is_counted else None,
            allergens=None if allergens is None else tuple(allergens),
            options=tuple(self.to_options(currency) or ()),
            mealtime_ids=() if self.mealtime_ids is UNSET else tuple(self.mealtime_ids),
        )


class AllergenForm(Form, kw_only=True):
    name: Name


class AvailabilityForm(Form, kw_only=True):
    is86: bool


class MealtimePatch(Form, kw_only=True):
    name: Name | UnsetType = UNSET
    start_time: Wall | UnsetType = UNSET
    end_time: Wall | UnsetType = UNSET
    days: Days | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    location_id: RowId | UnsetType | None = UNSET

    def to_changes(self) -> dict[str, Any]:
        changes = given(
            self,
            {"name": "name", "days": "days", "is_active": "is_active", "location_id": "house_id"},
        )
        if self.start_time is not UNSET:
            changes["starts"] = minutes_of(self.start_time)
        if self.end_time is not UNSET:
            changes["ends"] = minutes_of(self.end_time)
        return changes


class NewMealtime(MealtimePatch, kw_only=True):
    name: Name
    start_time: Wall
    end_time: Wall
    days: Days

    def to_draft(self) -> MealtimeDraft:
        return MealtimeDraft(
            name=self.name,
            starts=minutes_of(self.start_time),
            ends=minutes_of(self.end_time),
            days=tuple(self.days),
            house_id=None if self.location_id is UNSET else self.location_id,
        )


def given(form: Any, fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields that were sent, under the names of our columns."""
    return {
        ours: getattr(form, theirs)
        for theirs, ours in fields.items()
        if getattr(form, theirs, UNSET) is not UNSET
    }


def minutes_of(wall: str) -> int:
    return int(wall[:2]) * 60 + int(wall[3:])
