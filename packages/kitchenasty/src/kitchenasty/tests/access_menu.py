"""Who may use the office's pages of the menu (access_table.py)."""

from __future__ import annotations

from kitchenasty.tests.access_rows import ALL_HOUSES, MANAGERS, OF_HOUSE, OWN_HOUSE, OWNERS

MENU = {
    "GET /admin/menu": MANAGERS,
    "GET /admin/menu/allergens": MANAGERS,
    "POST /admin/menu/allergens": ALL_HOUSES,
    "POST /admin/menu/allergens/{allergen_id:str}/delete": OWNERS,
    "POST /admin/menu/batch": MANAGERS,
    "POST /admin/menu/batch/{batch_id:str}/take-back": MANAGERS,
    "GET /admin/menu/categories": MANAGERS,
    "GET /admin/menu/categories/{category_id:str}": OF_HOUSE,
    "POST /admin/menu/categories/{category_id:str}": OF_HOUSE,
    "POST /admin/menu/categories/{category_id:str}/delete": OWNERS,
    "GET /admin/menu/categories/{category_id:str}/pictures": OF_HOUSE,
    "POST /admin/menu/categories/{category_id:str}/pictures": OF_HOUSE,
    "GET /admin/menu/dishes/{dish_id:str}": MANAGERS,
    "POST /admin/menu/dishes/{dish_id:str}": MANAGERS,
    "POST /admin/menu/dishes/{dish_id:str}/cells": ALL_HOUSES,
    "POST /admin/menu/dishes/{dish_id:str}/delete": OWNERS,
    "POST /admin/menu/dishes/{dish_id:str}/duplicate": ALL_HOUSES,
    "POST /admin/menu/dishes/{dish_id:str}/options": ALL_HOUSES,
    "POST /admin/menu/dishes/{dish_id:str}/picture": ALL_HOUSES,
    "POST /admin/menu/dishes/{dish_id:str}/picture/remove": ALL_HOUSES,
    "GET /admin/menu/dishes/{dish_id:str}/pictures": ALL_HOUSES,
    "POST /admin/menu/dishes/{dish_id:str}/pictures": ALL_HOUSES,
    "GET /admin/menu/mealtimes": MANAGERS,
    "GET /admin/menu/mealtimes/{mealtime_id:str}": OF_HOUSE,
    "POST /admin/menu/mealtimes/{mealtime_id:str}": OF_HOUSE,
    "POST /admin/menu/mealtimes/{mealtime_id:str}/delete": OWNERS,
    "GET /admin/menu/options": MANAGERS,
    "GET /admin/menu/options/{group_id:str}": MANAGERS,
    "POST /admin/menu/options/{group_id:str}": MANAGERS,
    "POST /admin/menu/options/{group_id:str}/put-away": MANAGERS,
    "POST /admin/menu/order": MANAGERS,
    "POST /admin/menu/order/{arrangement_id:str}/take-back": MANAGERS,
    "GET /admin/houses/{house_id:str}/pictures": OWN_HOUSE,
    "POST /admin/houses/{house_id:str}/pictures": OWN_HOUSE,
    "GET /preview/{dish_id:str}": MANAGERS,
}
