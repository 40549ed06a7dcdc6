"""The rows of access_table.py for guests who come in by accounts elsewhere."""

from __future__ import annotations

from kitchenasty.tests.access_rows import CUSTOMERS, EVERYBODY, OWNERS

OPENID = {
    "DELETE /api/auth/identities/{identity_id:str}": CUSTOMERS,
    "GET /account/ways": CUSTOMERS,
    "GET /admin/settings/openid": OWNERS,
    "GET /api/auth/google": EVERYBODY,
    "GET /api/auth/google/callback": EVERYBODY,
    "GET /api/auth/identities": CUSTOMERS,
    "GET /api/settings/openid": OWNERS,
    "GET /sign-in/elsewhere": EVERYBODY,
    "GET /sign-in/elsewhere/back": EVERYBODY,
    "POST /account/ways/link": CUSTOMERS,
    "POST /account/ways/{identity_id:str}/unlink": CUSTOMERS,
    "POST /admin/settings/openid": OWNERS,
    "POST /admin/settings/openid/test": OWNERS,
    "POST /api/settings/openid/test": OWNERS,
    "PUT /api/settings/openid": OWNERS,
}
