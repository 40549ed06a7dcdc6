"""The rows of access_table.py for one's own page in the office, and for the pages of members."""

from __future__ import annotations

from kitchenasty.tests.access_rows import EVERYBODY, OF_HOUSE, OWNERS, SIGNED_IN, STAFF

SECURITY = {
    "DELETE /api/auth/sessions": SIGNED_IN,
    "DELETE /api/auth/sessions/{session_id:str}": SIGNED_IN,
    "GET /admin/me": STAFF,
    "GET /admin/me/second-factor": STAFF,
    "GET /admin/staff/{staff_id:str}": OF_HOUSE,
    "GET /api/auth/sessions": SIGNED_IN,
    "GET /renew/{token:str}": EVERYBODY,
    "POST /admin/me": STAFF,
    "POST /admin/me/password": STAFF,
    "POST /admin/me/second-factor": STAFF,
    "POST /admin/me/second-factor/codes": STAFF,
    "POST /admin/me/second-factor/confirm": STAFF,
    "POST /admin/me/second-factor/off": STAFF,
    "POST /admin/me/sessions/end": STAFF,
    "POST /admin/me/sessions/{session_id:str}/end": STAFF,
    "POST /admin/staff/demand": OWNERS,
    "POST /admin/staff/{staff_id:str}/activate": OWNERS,
    "POST /admin/staff/{staff_id:str}/deactivate": OWNERS,
    "POST /admin/staff/{staff_id:str}/houses": OF_HOUSE,
    "POST /admin/staff/{staff_id:str}/role": OWNERS,
    "POST /admin/staff/{staff_id:str}/second-factor/reset": OWNERS,
    "POST /admin/staff/{staff_id:str}/sessions/end": OWNERS,
    "POST /admin/staff/{staff_id:str}/sessions/{session_id:str}/end": OWNERS,
    "POST /api/auth/staff/forgot": EVERYBODY,
    "POST /api/auth/staff/password": STAFF,
    "POST /api/auth/staff/reset": EVERYBODY,
    "POST /renew/{token:str}": EVERYBODY,
}
