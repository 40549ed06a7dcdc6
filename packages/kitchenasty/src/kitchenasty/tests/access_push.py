"""Who may use the doors of messages to phones. What may be followed is asked of the slice whose it
is, and an address of a phone is known to its browser only.
"""

from __future__ import annotations

from kitchenasty.tests.access_rows import EVERYBODY

# nobody, link, other_link, customer_a, customer_b, cook, cook_elsewhere,
# manager, manager_here, manager_elsewhere, owner, deactivated
OWN_ORDER = "403 403 403 in  403 in  403 in  in  403 in  403"
"""A link counts in the body only, see push/tests."""

PUSH = {
    "GET /push/key.json": EVERYBODY,
    "GET /push/sw.js": EVERYBODY,
    "GET /static/push/{file_path:path}": EVERYBODY,
    "POST /push/follow.json": OWN_ORDER,
    "POST /push/follows.json": EVERYBODY,
    "POST /push/leave.json": EVERYBODY,
}
PUSH_BODIES: dict[str, dict[str, object]] = {
    "POST /push/follow.json": {
        "endpoint": "https://push.example/somebody",
        "about": "order",
        "aboutId": "{order_id:str}",
        "publicKey": "B" + "A" * 86,
        "authSecret": "A" * 22,
    },
}
