"""What the house sells. Other slices use only the names below."""

from kitchenasty.menu.allergens import NAMES as ALLERGEN_NAMES
from kitchenasty.menu.allergens import contains, unite
from kitchenasty.menu.queries import (
    list_availability,
    load_availability,
    load_menu,
    menu_version,
    walk,
)
from kitchenasty.menu.selection import (
    Choice,
    Chosen,
    Display,
    OptionGroup,
    OptionMissing,
    OptionOfAnotherDish,
    OptionRefused,
    choose,
    how_many,
)
from kitchenasty.menu.service import (
    CategoryDraft,
    DishDraft,
    GroupDraft,
    MealtimeDraft,
    ValueDraft,
    add_allergens,
    add_category,
    add_dish,
    add_mealtime,
)
from kitchenasty.menu.stock import DishNotFound, SoldOut, give_back_stock, set_86, take_stock
from kitchenasty.menu.views import (
    AVAILABLE,
    Availability,
    Category,
    Component,
    Dish,
    Mealtime,
    MenuBook,
)

__all__ = [
    "ALLERGEN_NAMES",
    "AVAILABLE",
    "Availability",
    "Category",
    "CategoryDraft",
    "Choice",
    "Chosen",
    "Component",
    "Dish",
    "DishDraft",
    "DishNotFound",
    "Display",
    "GroupDraft",
    "Mealtime",
    "MealtimeDraft",
    "MenuBook",
    "OptionGroup",
    "OptionMissing",
    "OptionOfAnotherDish",
    "OptionRefused",
    "SoldOut",
    "ValueDraft",
    "add_allergens",
    "add_category",
    "add_dish",
    "add_mealtime",
    "choose",
    "contains",
    "give_back_stock",
    "how_many",
    "list_availability",
    "load_availability",
    "load_menu",
    "menu_version",
    "set_86",
    "take_stock",
    "unite",
    "walk",
]
