"""The rows of the tables' pages in the office (access_table.py), and what is sent there."""

from __future__ import annotations

from typing import Any

from kitchenasty.tests.access_rows import KITCHENS, OWN_HOUSE, STAFF

HERE = "/admin/tables/{house_id:str}"
TERMS = "/admin/houses/{house_id:str}/reservations"
PARTY = f"{HERE}/parties/{{reservation_id:str}}"

FLOOR = {
    "GET /admin/tables": STAFF,
    f"GET {HERE}": KITCHENS,
    f"GET {HERE}/new": KITCHENS,
    f"POST {HERE}/new": KITCHENS,
    f"POST {HERE}/walk-in": KITCHENS,
    f"GET {HERE}/plan": KITCHENS,
    f"GET {HERE}/plan/edit": OWN_HOUSE,
    f"POST {HERE}/plan/edit": OWN_HOUSE,
    f"POST {PARTY}/step": KITCHENS,
    f"POST {PARTY}/tables": KITCHENS,
    f"POST {PARTY}/stay": KITCHENS,
    f"POST {PARTY}/change": KITCHENS,
    f"POST {PARTY}/notes": KITCHENS,
    f"POST {PARTY}/deposit": KITCHENS,
    f"POST {PARTY}/deposit/return": OWN_HOUSE,
    f"POST {HERE}/waiting": KITCHENS,
    f"POST {HERE}/waiting/{{waiting_id:str}}": KITCHENS,
    f"GET {PARTY}/order": KITCHENS,
    f"POST {PARTY}/order": KITCHENS,
    f"POST {PARTY}/served": KITCHENS,
    f"POST {PARTY}/paid": KITCHENS,
    f"GET {HERE}/trends": OWN_HOUSE,
    f"GET {TERMS}": OWN_HOUSE,
    f"POST {TERMS}": OWN_HOUSE,
    f"POST {TERMS}/blocks": OWN_HOUSE,
    f"POST {TERMS}/blocks/{{block_id:str}}/remove": OWN_HOUSE,
    f"POST {TERMS}/calendars": OWN_HOUSE,
    f"POST {TERMS}/calendars/{{calendar_id:str}}/remove": OWN_HOUSE,
    f"POST {TERMS}/combinations": OWN_HOUSE,
    f"POST {TERMS}/combinations/{{combination_id:str}}/remove": OWN_HOUSE,
}
FLOOR_BODIES: dict[str, dict[str, Any]] = {
    f"POST {HERE}/new": {"day": "2030-05-18", "party": "2", "time": "19:00", "name": "Tom"},
    f"POST {HERE}/walk-in": {"party": "2"},
    f"POST {HERE}/waiting": {"day": "2030-05-18", "party": "90", "name": "Tom"},
    f"POST {HERE}/waiting/{{waiting_id:str}}": {"answer": "remove"},
    f"POST {PARTY}/step": {"step": "seat", "version": "1"},
    f"POST {PARTY}/tables": {"version": "1"},
    f"POST {PARTY}/deposit": {"step": "waive"},
    f"POST {PARTY}/deposit/return": {"step": "give-back", "amount": "1"},
    f"POST {PARTY}/served": {"order": "none", "version": "1"},
    f"POST {PARTY}/paid": {"method": "CASH"},
    f"POST {PARTY}/stay": {"minutes": "15", "version": "1"},
    f"POST {PARTY}/change": {
        "day": "2030-05-18",
        "time": "20:00",
        "party": "2",
        "version": "1",
    },
    f"POST {TERMS}": {"own": ""},
    f"POST {TERMS}/blocks": {"since": "2030-05-18T18:00", "until": "2030-05-18T19:00"},
    f"POST {TERMS}/calendars": {"details": "on"},
    f"POST {TERMS}/combinations": {"name": "4+5", "seats": "8", "seatsMin": "5"},
    f"POST {PARTY}/notes": {"houseNote": "By the window", "version": "1"},
}
