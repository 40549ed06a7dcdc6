"""The office's menu on the wire: the contract's shapes of categories, items and what they have."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Amount, Stamp, WireStruct, amount, stamp
from kitchenasty.menu.catalog import DishCounts, DishWhole
from kitchenasty.menu.models import (
    AllergenRow,
    CategoryRow,
    DishRow,
    MealtimeRow,
    OptionGroupRow,
    OptionValueRow,
)
from kitchenasty.menu.schemas import ComponentView
from kitchenasty.menu.selection import Display
from kitchenasty.menu.views import Component

DAY_MINUTES = 1_440


class ItemCount(WireStruct, kw_only=True):
    menu_items: int


class Named(WireStruct, kw_only=True):
    id: str
    name: str


class CategoryView(WireStruct, kw_only=True):
    id: str
    name: str
    slug: str
    description: str | None
    image: str | None
    sort_order: int
    is_active: bool
    parent_id: str | None
    location_id: str | None
    created_at: Stamp
    updated_at: Stamp
    children: list[CategoryView] | UnsetType = UNSET
    parent: Named | UnsetType | None = UNSET
    menu_items: list[ItemView] | UnsetType = UNSET
    counts: ItemCount | UnsetType = msgspec.field(name="_count", default=UNSET)

    @classmethod
    def of(cls, row: CategoryRow, **more: Any) -> CategoryView:
        return cls(
            id=row.id,
            name=row.name,
            slug=row.slug,
            description=row.description,
            image=row.image,
            sort_order=row.sort_order,
            is_active=row.is_active,
            parent_id=row.parent_id,
            location_id=row.house_id,
            created_at=stamp(row.created_at),
            updated_at=stamp(row.updated_at),
            **more,
        )


class PartCounts(WireStruct, kw_only=True):
    options: int
    allergens: int
    mealtimes: int

    @classmethod
    def of(cls, counts: DishCounts) -> PartCounts:
        return cls(options=counts.options, allergens=counts.allergens, mealtimes=counts.mealtimes)


class OptionValueView(WireStruct, kw_only=True):
    id: str
    menu_option_id: str
    name: str
    price_modifier: Amount
    is_default: bool
    sort_order: int
    allergens: list[str]

    @classmethod
    def of(cls, row: OptionValueRow, currency: str) -> OptionValueView:
        return cls(
            id=row.id,
            menu_option_id=row.group_id,
            name=row.name,
            price_modifier=amount(row.modifier_minor, currency),
            is_default=row.is_default,
            sort_order=row.sort_order,
            allergens=list(row.allergens),
        )


class OptionView(WireStruct, kw_only=True):
    id: str
    menu_item_id: str
    name: str
    display_type: Display
    is_required: bool
    min_select: int
    max_select: int
    sort_order: int
    values: list[OptionValueView]

    @classmethod
    def of(
        cls, dish_id: str, place: int, row: OptionGroupRow, values: list[OptionValueView]
    ) -> OptionView:
        """Several dishes can have the group; it is shown as this dish's."""
        return cls(
            id=row.id,
            menu_item_id=dish_id,
            name=row.name,
            display_type=row.display,
            is_required=row.is_required,
            min_select=row.min_select,
            max_select=row.max_select,
            sort_order=place,
            values=values,
        )


class AllergenView(WireStruct, kw_only=True):
    id: str
    name: str
    code: str
    counts: ItemCount | UnsetType = msgspec.field(name="_count", default=UNSET)

    @classmethod
    def of(cls, row: AllergenRow, **more: Any) -> AllergenView:
        return cls(id=row.id, name=row.name, code=row.code, **more)


class MealtimeView(WireStruct, kw_only=True):
    id: str
    name: str
    start_time: str
    end_time: str
    days: list[int]
    is_active: bool
    location_id: str | None
    created_at: Stamp
    updated_at: Stamp
    counts: ItemCount | UnsetType = msgspec.field(name="_count", default=UNSET)

    @classmethod
    def of(cls, row: MealtimeRow, **more: Any) -> MealtimeView:
        return cls(
            id=row.id,
            name=row.name,
            start_time=wall(row.starts),
            end_time=wall(row.ends),
            days=list(row.days),
            is_active=row.is_active,
            location_id=row.house_id,
            created_at=stamp(row.created_at),
            updated_at=stamp(row.updated_at),
            **more,
        )


class ItemAllergenView(WireStruct, kw_only=True):
    menu_item_id: str
    allergen_id: str
    allergen: AllergenView


class ItemMealtimeView(WireStruct, kw_only=True):
    menu_item_id: str
    mealtime_id: str
    mealtime: MealtimeView


class ItemView(WireStruct, kw_only=True):
    """`is86`: taken off for now. `allergensDeclared` false: unknown, which is not none."""

    id: str
    name: str
    slug: str
    description: str | None
    price: Amount
    image: str | None
    is_active: bool
    is86: bool
    sort_order: int
    track_stock: bool
    stock_qty: int
    order_type: str | None
    category_id: str
    location_id: str | None
    closed_to: list[str]
    marks: list[str]
    allergens_declared: bool
    work_minutes: int
    tax_category: str
    deposit: Amount
    components: list[ComponentView]
    created_at: Stamp
    updated_at: Stamp
    category: Named | UnsetType = UNSET
    options: list[OptionView] | UnsetType = UNSET
    allergens: list[ItemAllergenView] | UnsetType = UNSET
    mealtimes: list[ItemMealtimeView] | UnsetType = UNSET
    counts: PartCounts | UnsetType = msgspec.field(name="_count", default=UNSET)

    @classmethod
    def of(cls, row: DishRow, currency: str, **more: Any) -> ItemView:
        return cls(
            id=row.id,
            name=row.name,
            slug=row.slug,
            description=row.description,
            price=amount(row.price_minor, currency),
            image=row.image,
            is_active=row.is_active,
            is86=row.is_86,
            sort_order=row.sort_order,
            track_stock=row.tracks_stock,
            stock_qty=row.stock,
            order_type=row.order_type,
            category_id=row.category_id,
            location_id=row.house_id,
            closed_to=list(row.closed_to),
            marks=list(row.marks),
            allergens_declared=row.allergens_declared,
            work_minutes=row.work_minutes,
            tax_category=row.tax_category,
            deposit=amount(row.deposit_minor, currency),
            components=[ComponentView.of(Component(**one), currency) for one in row.components],
            created_at=stamp(row.created_at),
            updated_at=stamp(row.updated_at),
            **more,
        )

    @classmethod
    def whole(cls, dish: DishWhole, currency: str) -> ItemView:
        return cls.of(
            dish.row,
            currency,
            category=Named(id=dish.category.id, name=dish.category.name),
            options=[
                OptionView.of(
                    dish.row.id, place, group, [OptionValueView.of(v, currency) for v in values]
                )
                for place, (group, values) in enumerate(dish.groups)
            ],
            allergens=[
                ItemAllergenView(
                    menu_item_id=dish.row.id, allergen_id=one.id, allergen=AllergenView.of(one)
                )
                for one in dish.allergens
            ],
            mealtimes=[
                ItemMealtimeView(
                    menu_item_id=dish.row.id, mealtime_id=one.id, mealtime=MealtimeView.of(one)
                )
                for one in dish.mealtimes
            ],
        )


def wall(minutes: int) -> str:
    """Minutes after midnight as `18:30`; beyond midnight the clock begins again."""
    return f"{minutes % DAY_MINUTES // 60:02d}:{minutes % 60:02d}"
