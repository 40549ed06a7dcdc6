"""Who may make rules: whoever manages every house, since a rule looks at all of them."""

from __future__ import annotations

from kitchenasty.tests.access_rows import ALL_HOUSES

RULES = {
    "GET /admin/rules": ALL_HOUSES,
    "POST /admin/rules": ALL_HOUSES,
    "GET /admin/rules/{rule_id:str}": ALL_HOUSES,
    "POST /admin/rules/{rule_id:str}": ALL_HOUSES,
    "POST /admin/rules/{rule_id:str}/check": ALL_HOUSES,
    "POST /admin/rules/{rule_id:str}/switch": ALL_HOUSES,
    "POST /admin/rules/{rule_id:str}/remove": ALL_HOUSES,
    "GET /admin/rules/{rule_id:str}/rehearsal": ALL_HOUSES,
}
