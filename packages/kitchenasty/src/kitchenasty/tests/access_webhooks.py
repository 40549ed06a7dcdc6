"""The rows of access_table.py for webhooks: owners make them, keys look and send again."""

from __future__ import annotations

from kitchenasty.tests.access_rows import ALL_HOUSES, OWNERS

WEBHOOKS = {
    "GET /admin/webhooks": OWNERS,
    "POST /admin/webhooks": OWNERS,
    "GET /admin/webhooks/{webhook_id:str}": OWNERS,
    "POST /admin/webhooks/{webhook_id:str}": OWNERS,
    "POST /admin/webhooks/{webhook_id:str}/ping": OWNERS,
    "POST /admin/webhooks/{webhook_id:str}/remove": OWNERS,
    "POST /admin/webhooks/{webhook_id:str}/replay": OWNERS,
    "POST /admin/webhooks/{webhook_id:str}/secret": OWNERS,
    "GET /admin/webhooks/{webhook_id:str}/deliveries/{delivery_id:str}": OWNERS,
    "POST /admin/webhooks/{webhook_id:str}/deliveries/{delivery_id:str}/replay": OWNERS,
    "GET /api/webhooks": ALL_HOUSES,
    "POST /api/webhooks": OWNERS,
    "PATCH /api/webhooks/{webhook_id:str}": OWNERS,
    "DELETE /api/webhooks/{webhook_id:str}": OWNERS,
    "POST /api/webhooks/{webhook_id:str}/ping": OWNERS,
    "POST /api/webhooks/{webhook_id:str}/secret": OWNERS,
    "GET /api/webhooks/{webhook_id:str}/deliveries": ALL_HOUSES,
    "POST /api/webhooks/{webhook_id:str}/replay": ALL_HOUSES,
    "POST /api/webhooks/{webhook_id:str}/deliveries/{delivery_id:str}/replay": ALL_HOUSES,
}
WEBHOOK_BODIES: dict[str, dict[str, object]] = {
    "POST /api/webhooks": {"url": "https://evil.example/", "topics": ["order.placed"]},
    "POST /admin/webhooks": {"url": "https://evil.example/", "topics": "order.placed"},
    "PATCH /api/webhooks/{webhook_id:str}": {"url": "https://evil.example/"},
    "POST /admin/webhooks/{webhook_id:str}": {
        "url": "https://evil.example/",
        "topics": "order.placed",
    },
}
