"""The rows of access_table.py for printers: managers of the house keep them."""

from __future__ import annotations

from kitchenasty.tests.access_rows import OWN_HOUSE

PRINTING = {
    "GET /admin/houses/{house_id:str}/printers": OWN_HOUSE,
    "POST /admin/houses/{house_id:str}/printers": OWN_HOUSE,
    "GET /admin/houses/{house_id:str}/printers/{printer_id:str}": OWN_HOUSE,
    "POST /admin/houses/{house_id:str}/printers/{printer_id:str}": OWN_HOUSE,
    "POST /admin/houses/{house_id:str}/printers/{printer_id:str}/remove": OWN_HOUSE,
    "POST /admin/houses/{house_id:str}/printers/{printer_id:str}/test": OWN_HOUSE,
    "POST /admin/houses/{house_id:str}/printers/{printer_id:str}/printouts"
    "/{printout_id:str}/again": OWN_HOUSE,
}
PRINTING_BODIES: dict[str, dict[str, object]] = {
    "POST /admin/houses/{house_id:str}/printers": {"name": "Pass", "address": "10.0.0.5"},
    "POST /admin/houses/{house_id:str}/printers/{printer_id:str}": {
        "name": "Bar",
        "address": "10.0.0.6",
        "isOn": "on",
        "version": "1",
    },
}
