"""The menu's tables. Options and their values are retired, never deleted: orders refer to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, Minor, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.menu.selection import Display


class CategoryRow(Record):
    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str | None] = mapped_column(String(1000))
    image: Mapped[str | None] = mapped_column(String(300))
    sort_order: Mapped[int]
    is_active: Mapped[bool]
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("categories.id"), index=True)
    house_id: Mapped[Id | None] = mapped_column(ForeignKey("locations.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class DishRow(Record):
    """A dish. `stock` counts while `tracks_stock`; `allergens_declared` false means unknown."""

    __tablename__ = "dishes"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("deposit_minor >= 0", name="deposit"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("work_minutes >= 0", name="work"),
        Index("ix_dishes_category_id", "category_id"),
    )

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str | None] = mapped_column(String(2000))
    price_minor: Mapped[Minor]
    image: Mapped[str | None] = mapped_column(String(300))
    is_active: Mapped[bool]
    is_86: Mapped[bool]
    sort_order: Mapped[int]
    tracks_stock: Mapped[bool]
    stock: Mapped[int]
    order_type: Mapped[str | None] = mapped_column(String(16))
    category_id: Mapped[Id] = mapped_column(ForeignKey("categories.id"))
    house_id: Mapped[Id | None] = mapped_column(ForeignKey("locations.id"), index=True)
    closed_to: Mapped[Any] = mapped_column(Json)
    """Ids of houses that do not offer it."""
    allergens_declared: Mapped[bool]
    marks: Mapped[Any] = mapped_column(Json)
    """Dietary marks: vegan, vegetarian, halal, spicy ..."""
    work_minutes: Mapped[int]
    tax_category: Mapped[str] = mapped_column(String(40))
    """What the tax profile of a house calls it: standard, drinks ..."""
    deposit_minor: Mapped[Minor] = mapped_column(server_default="0")
    """On the bottle or bowl: given back with it, so never discounted."""
    components: Mapped[Any] = mapped_column(Json, server_default="[]")
    """Of a set menu: [{name, tax_category, price_minor}], each with the price that it has alone."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OptionGroupRow(Record):
    """What can be chosen with a dish, or with several."""

    __tablename__ = "option_groups"

    name: Mapped[str] = mapped_column(String(120))
    display: Mapped[Display] = mapped_column(choice(Display))
    is_required: Mapped[bool]
    min_select: Mapped[int]
    max_select: Mapped[int]
    is_retired: Mapped[bool]


class DishOptionRow(Model):
    """A dish has a group; `sort_order` is the group's place among those of the dish."""

    __tablename__ = "dish_options"

    dish_id: Mapped[Id] = mapped_column(
        ForeignKey("dishes.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[Id] = mapped_column(
        ForeignKey("option_groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    sort_order: Mapped[int]


class OptionValueRow(Record):
    __tablename__ = "option_values"

    group_id: Mapped[Id] = mapped_column(
        ForeignKey("option_groups.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    modifier_minor: Mapped[Minor]
    is_default: Mapped[bool]
    sort_order: Mapped[int]
    is_retired: Mapped[bool]
    allergens: Mapped[Any] = mapped_column(Json)
    """Codes of the allergens that this choice brings."""


class AllergenRow(Record):
    __tablename__ = "allergens"

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class DishAllergenRow(Model):
    __tablename__ = "dish_allergens"

    dish_id: Mapped[Id] = mapped_column(
        ForeignKey("dishes.id", ondelete="CASCADE"), primary_key=True
    )
    allergen_id: Mapped[Id] = mapped_column(
        ForeignKey("allergens.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class MealtimeRow(Record):
    """A time of day, in minutes after midnight of the house; `ends` may lie after midnight."""

    __tablename__ = "mealtimes"
    __table_args__ = (CheckConstraint("starts >= 0 AND ends > starts", name="span"),)

    name: Mapped[str] = mapped_column(String(120))
    starts: Mapped[int]
    ends: Mapped[int]
    days: Mapped[Any] = mapped_column(Json)
    is_active: Mapped[bool]
    house_id: Mapped[Id | None] = mapped_column(ForeignKey("locations.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class DishMealtimeRow(Model):
    __tablename__ = "dish_mealtimes"

    dish_id: Mapped[Id] = mapped_column(
        ForeignKey("dishes.id", ondelete="CASCADE"), primary_key=True
    )
    mealtime_id: Mapped[Id] = mapped_column(
        ForeignKey("mealtimes.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CategoryMealtimeRow(Model):
    """When a category is served: its dishes and those further down, unless they say otherwise."""

    __tablename__ = "category_mealtimes"

    category_id: Mapped[Id] = mapped_column(
        ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True
    )
    mealtime_id: Mapped[Id] = mapped_column(
        ForeignKey("mealtimes.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class MenuVersionRow(Model):
    """One row that every change of the menu moves on; what is kept in memory is known by it."""

    __tablename__ = "menu_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
