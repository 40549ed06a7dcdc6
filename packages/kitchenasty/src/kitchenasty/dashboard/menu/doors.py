"""The doors of the office's menu, for the one file that knows all doors."""

from __future__ import annotations

from kitchenasty.dashboard.menu.allergen_pages import AllergenPages
from kitchenasty.dashboard.menu.arrange_pages import ArrangePages
from kitchenasty.dashboard.menu.batch_pages import BatchPages
from kitchenasty.dashboard.menu.category_pages import CategoryPages
from kitchenasty.dashboard.menu.dish_pages import DishPages
from kitchenasty.dashboard.menu.mealtime_pages import MealtimePages
from kitchenasty.dashboard.menu.option_pages import DishOptionPages, OptionPages
from kitchenasty.dashboard.menu.sheet_pages import SheetPages
from kitchenasty.dashboard.menu.table_pages import TablePages

MENU_PAGES = (
    SheetPages,
    BatchPages,
    DishPages,
    OptionPages,
    DishOptionPages,
    ArrangePages,
    CategoryPages,
    MealtimePages,
    AllergenPages,
    TablePages,
)
