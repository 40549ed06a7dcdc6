"""Who may use the office's pages of the menu (access_table.py)."""

from __future__ import annotations

from kitchenasty.tests.access_rows import ALL_HOUSES, MANAGERS, OWNERS

MENU = {
    "GET /admin/menu": MANAGERS,
    "POST /admin/menu/batch": MANAGERS,
    "POST /admin/menu/batch/{batch_id:str}/take-back": MANAGERS,
    "GET /admin/menu/dishes/{dish_id:str}": MANAGERS,
    "POST /admin/menu/dishes/{dish_id:str}": MANAGERS,
    "POST /admin/menu/dishes/{dish_id:str}/cells": ALL_HOUSES,
    "POST /admin/menu/dishes/{dish_id:str}/delete": OWNERS,
    "POST /admin/menu/dishes/{dish_id:str}/duplicate": ALL_HOUSES,
    "POST /admin/menu/dishes/{dish_id:str}/options": ALL_HOUSES,
    "POST /admin/menu/dishes/{dish_id:str}/picture": MANAGERS,
    "POST /admin/menu/dishes/{dish_id:str}/picture/remove": ALL_HOUSES,
    "GET /admin/menu/options": MANAGERS,
    "GET /admin/menu/options/{group_id:str}": MANAGERS,
    "POST /admin/menu/options/{group_id:str}": MANAGERS,
    "POST /admin/menu/options/{group_id:str}/put-away": MANAGERS,
    "GET /preview/{dish_id:str}": MANAGERS,
}
