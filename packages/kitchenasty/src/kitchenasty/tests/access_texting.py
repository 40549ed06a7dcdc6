"""Who may use the doors of text messages. What Twilio says is checked by its signature."""

from __future__ import annotations

from kitchenasty.tests.access_rows import ALL_HOUSES, EVERYBODY, OWNERS

TEXTING = {
    "GET /admin/settings/texting": OWNERS,
    "POST /admin/settings/texting": OWNERS,
    "POST /admin/settings/texting/test": OWNERS,
    "GET /admin/texts": ALL_HOUSES,
    "POST /admin/texts/{text_id:str}/again": ALL_HOUSES,
    "POST /api/texting/answers": EVERYBODY,
    "POST /api/texting/reports": EVERYBODY,
}
