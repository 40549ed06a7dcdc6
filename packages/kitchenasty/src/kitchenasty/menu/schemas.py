"""The whole menu on the wire, as one answer: what the storefront and other clients read."""

from __future__ import annotations

from collections.abc import Callable

from basis.kit.http.wire import Amount, WireStruct, amount
from kitchenasty.menu.selection import Choice, Display, OptionGroup
from kitchenasty.menu.views import Availability, Category, Component, Dish, Mealtime, MenuBook


class ValueView(WireStruct, kw_only=True):
    id: str
    name: str
    price_modifier: Amount
    is_default: bool
    allergens: list[str]

    @classmethod
    def of(cls, choice: Choice, currency: str) -> ValueView:
        return cls(
            id=choice.id,
            name=choice.name,
            price_modifier=amount(choice.modifier_minor, currency),
            is_default=choice.is_default,
            allergens=sorted(choice.allergens),
        )


class GroupView(WireStruct, kw_only=True):
    id: str
    name: str
    display_type: Display
    is_required: bool
    min_select: int
    max_select: int
    values: list[ValueView]

    @classmethod
    def of(cls, group: OptionGroup, currency: str) -> GroupView:
        return cls(
            id=group.id,
            name=group.name,
            display_type=group.display,
            is_required=group.is_required,
            min_select=group.at_least,
            max_select=group.at_most,
            values=[ValueView.of(choice, currency) for choice in group.choices],
        )


class ServedView(WireStruct, kw_only=True):
    """A mealtime in minutes after midnight of the house; `ends` may lie after midnight."""

    id: str
    name: str
    starts: int
    ends: int
    days: list[int]

    @classmethod
    def of(cls, mealtime: Mealtime) -> ServedView:
        return cls(
            id=mealtime.id,
            name=mealtime.name,
            starts=mealtime.starts,
            ends=mealtime.ends,
            days=sorted(mealtime.days),
        )


class ComponentView(WireStruct, kw_only=True):
    """A part of a set menu, with its price alone."""

    name: str
    tax_category: str
    price: Amount

    @classmethod
    def of(cls, one: Component, currency: str) -> ComponentView:
        return cls(
            name=one.name,
            tax_category=one.tax_category,
            price=amount(one.price_minor, currency),
        )


class SoldView(WireStruct, kw_only=True):
    """A dish as it is sold. `allergens` null: unknown. `stock` null: as many as one likes."""

    id: str
    slug: str
    name: str
    description: str | None
    price: Amount
    deposit: Amount
    components: list[ComponentView]
    image: str | None
    order_type: str | None
    marks: list[str]
    allergens: list[str] | None
    is_sold_out: bool
    stock: int | None
    mealtimes: list[ServedView]
    options: list[GroupView]

    @classmethod
    def of(cls, dish: Dish, left: Availability, currency: str) -> SoldView:
        return cls(
            id=dish.id,
            slug=dish.slug,
            name=dish.name,
            description=dish.description,
            price=amount(dish.price_minor, currency),
            deposit=amount(dish.deposit_minor, currency),
            components=[ComponentView.of(one, currency) for one in dish.components],
            image=dish.image,
            order_type=dish.order_type,
            marks=list(dish.marks),
            allergens=None if dish.allergens is None else sorted(dish.allergens),
            is_sold_out=left.is_sold_out,
            stock=left.stock,
            mealtimes=[ServedView.of(mealtime) for mealtime in dish.mealtimes],
            options=[GroupView.of(group, currency) for group in dish.options],
        )


class BranchView(WireStruct, kw_only=True):
    """A category with what is in it."""

    id: str
    slug: str
    name: str
    description: str | None
    image: str | None
    parent_id: str | None
    items: list[SoldView]
    children: list[BranchView]

    @classmethod
    def of(cls, category: Category, show: Callable[[Dish], SoldView]) -> BranchView:
        return cls(
            id=category.id,
            slug=category.slug,
            name=category.name,
            description=category.description,
            image=category.image,
            parent_id=category.parent_id,
            items=[show(dish) for dish in category.dishes],
            children=[cls.of(child, show) for child in category.children],
        )


class MenuView(WireStruct, kw_only=True):
    version: int
    location_id: str
    currency: str
    categories: list[BranchView]

    @classmethod
    def of(
        cls, book: MenuBook, house_id: str, currency: str, show: Callable[[Dish], SoldView]
    ) -> MenuView:
        """`show` gives each dish as it is sold, with what is left of it."""
        return cls(
            version=book.version,
            location_id=house_id,
            currency=currency,
            categories=[BranchView.of(category, show) for category in book.categories],
        )
