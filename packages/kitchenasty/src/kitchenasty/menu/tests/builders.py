"""Valid things to eat; a test names only what matters to it."""

from __future__ import annotations

from typing import Any

from basis.ids import new_code
from kitchenasty import menu
from kitchenasty.kit.books import UnitOfWork

SIZE = menu.GroupDraft(
    name="Size",
    display=menu.Display.RADIO,
    is_required=True,
    values=(
        menu.ValueDraft(name="Regular", is_default=True),
        menu.ValueDraft(name="Large", modifier_minor=250),
        menu.ValueDraft(name="Small", modifier_minor=-100),
    ),
)
TOPPINGS = menu.GroupDraft(
    name="Toppings",
    display=menu.Display.CHECKBOX,
    max_select=2,
    values=(
        menu.ValueDraft(name="Feta", modifier_minor=150, allergens=("milk",)),
        menu.ValueDraft(name="Olives", modifier_minor=100),
        menu.ValueDraft(name="Walnuts", modifier_minor=120, allergens=("nuts:walnut",)),
    ),
)


async def add_category(uow: UnitOfWork, **fields: Any) -> str:
    slug = f"category-{new_code(8).lower()}"
    return await menu.add_category(
        uow, menu.CategoryDraft(**{"name": "Mains", "slug": slug, **fields})
    )


async def add_dish(uow: UnitOfWork, **fields: Any) -> str:
    """A dish for 12.50 in a category of its own."""
    await menu.add_allergens(uow)
    category_id = fields.pop("category_id", None) or await add_category(uow)
    defaults = {"name": "Soup", "slug": f"soup-{new_code(8).lower()}", "price_minor": 1_250}
    return await menu.add_dish(
        uow, menu.DishDraft(category_id=category_id, **{**defaults, **fields})
    )
