"""Who may use which door: one row for each route, one word for each principal.

    in      the door opens; what is behind may still say no to what was asked
    401     who are you? (pages lead to the sign-in)
    403     not you
    404     for you there is no such thing

The order of an object route was placed by customer A; its link opens it without an account, and
it belongs to the house of `cook`; `cook_elsewhere` works in another house.
"""

from __future__ import annotations

PRINCIPALS = (
    "nobody",
    "link",
    "other_link",
    "customer_a",
    "customer_b",
    "cook",
    "cook_elsewhere",
    "manager",
    "owner",
    "deactivated",
)

EVERYBODY = "in  in  in  in  in  in  in  in  in  in"
SIGNED_IN = "401 401 401 in  in  in  in  in  in  401"
CUSTOMERS = "401 401 401 in  in  403 403 403 403 401"
STAFF     = "401 401 401 403 403 in  in  in  in  401"  # fmt: skip
MANAGERS  = "401 401 401 403 403 403 403 in  in  401"  # fmt: skip
OWNERS    = "401 401 401 403 403 403 403 403 in  401"  # fmt: skip
HOUSE     = "401 401 401 403 403 in  404 in  in  401"  # fmt: skip
THE_ORDER = "401 in  401 in  403 in  403 in  in  401"
LINKS     = "404 in  in  404 404 404 404 404 404 404"  # fmt: skip

TABLE = {
    "GET /": EVERYBODY,
    "GET /admin": STAFF,
    "GET /admin/letters": MANAGERS,
    "POST /admin/letters/{notice_id:str}/again": MANAGERS,
    "GET /admin/orders": STAFF,
    "GET /admin/orders.csv": STAFF,
    "GET /admin/orders/{order_id:str}": HOUSE,
    "POST /admin/orders/{order_id:str}/move": HOUSE,
    "GET /admin/staff": MANAGERS,
    "POST /admin/staff": OWNERS,
    "POST /admin/staff/{staff_id:str}/activate": OWNERS,
    "POST /admin/staff/{staff_id:str}/deactivate": OWNERS,
    "POST /admin/staff/{staff_id:str}/role": OWNERS,
    "POST /api/auth/customer/login": EVERYBODY,
    "POST /api/auth/customer/register": EVERYBODY,
    "POST /api/auth/logout": SIGNED_IN,
    "GET /api/auth/me": SIGNED_IN,
    "POST /api/auth/push-token": CUSTOMERS,
    "POST /api/auth/staff/login": EVERYBODY,
    "POST /api/auth/staff/register": OWNERS,
    "GET /api/dashboard": STAFF,
    "GET /api/health": EVERYBODY,
    "GET /api/locations": EVERYBODY,
    "POST /api/locations": MANAGERS,
    "GET /api/locations/{house_id:str}": EVERYBODY,
    "PATCH /api/locations/{house_id:str}": MANAGERS,
    "DELETE /api/locations/{house_id:str}": OWNERS,
    "PUT /api/locations/{house_id:str}/exceptions/{day:date}": MANAGERS,
    "GET /api/menu": EVERYBODY,
    "GET /api/menu/allergens": EVERYBODY,
    "POST /api/menu/allergens": MANAGERS,
    "DELETE /api/menu/allergens/{allergen_id:str}": OWNERS,
    "GET /api/menu/categories": EVERYBODY,
    "POST /api/menu/categories": MANAGERS,
    "GET /api/menu/categories/{category_id:str}": EVERYBODY,
    "PATCH /api/menu/categories/{category_id:str}": MANAGERS,
    "DELETE /api/menu/categories/{category_id:str}": OWNERS,
    "GET /api/menu/items": EVERYBODY,
    "POST /api/menu/items": MANAGERS,
    "GET /api/menu/items/{item_id:str}": EVERYBODY,
    "PATCH /api/menu/items/{item_id:str}": MANAGERS,
    "DELETE /api/menu/items/{item_id:str}": OWNERS,
    "PATCH /api/menu/items/{item_id:str}/availability": STAFF,
    "POST /api/menu/items/{item_id:str}/image": MANAGERS,
    "DELETE /api/menu/items/{item_id:str}/image": MANAGERS,
    "GET /api/menu/mealtimes": EVERYBODY,
    "POST /api/menu/mealtimes": MANAGERS,
    "PATCH /api/menu/mealtimes/{mealtime_id:str}": MANAGERS,
    "DELETE /api/menu/mealtimes/{mealtime_id:str}": OWNERS,
    "GET /api/docs": EVERYBODY,
    "GET /api/openapi": EVERYBODY,
    "GET /api/openapi.json": EVERYBODY,
    "GET /api/openapi/openapi.json": EVERYBODY,
    "GET /api/openapi/{path:str}": EVERYBODY,
    "GET /api/orders": SIGNED_IN,
    "POST /api/orders": EVERYBODY,
    "POST /api/orders/quote": EVERYBODY,
    "GET /api/orders/my-orders": CUSTOMERS,
    "GET /api/orders/{order_id:str}": THE_ORDER,
    "POST /api/orders/{order_id:str}/cancel": THE_ORDER,
    "PATCH /api/orders/{order_id:str}/status": HOUSE,
    "GET /api/staff": MANAGERS,
    "GET /api/staff/{staff_id:str}": MANAGERS,
    "PATCH /api/staff/{staff_id:str}": OWNERS,
    "DELETE /api/staff/{staff_id:str}": OWNERS,
    "GET /at/{house:str}": EVERYBODY,
    "GET /at/{house:str}/cart": EVERYBODY,
    "POST /at/{house:str}/cart": EVERYBODY,
    "POST /at/{house:str}/cart/{line:str}": EVERYBODY,
    "GET /at/{house:str}/checkout": EVERYBODY,
    "POST /at/{house:str}/checkout": EVERYBODY,
    "POST /at/{house:str}/checkout/look": EVERYBODY,
    "GET /at/{house:str}/dish/{dish:str}": EVERYBODY,
    "GET /health/live": EVERYBODY,
    "GET /health/ready": EVERYBODY,
    "GET /kitchen": STAFF,
    "GET /kitchen/sw.js": EVERYBODY,
    "GET /kitchen/{house_id:str}": HOUSE,
    "GET /kitchen/{house_id:str}/board.json": HOUSE,
    "POST /kitchen/{house_id:str}/dishes/{dish_id:str}/availability.json": HOUSE,
    "POST /kitchen/{house_id:str}/tickets/{order_id:str}/move": HOUSE,
    "POST /kitchen/{house_id:str}/tickets/{order_id:str}/move.json": HOUSE,
    "POST /kitchen/{house_id:str}/tickets/{order_id:str}/seen": HOUSE,
    "POST /kitchen/{house_id:str}/tickets/{order_id:str}/seen.json": HOUSE,
    "GET /locations": EVERYBODY,
    "POST /looks": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /setup": EVERYBODY,
    "POST /setup": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "POST /sign-out": EVERYBODY,
    "GET /static/dashboard/{file_path:path}": EVERYBODY,
    "GET /static/kitchen/{file_path:path}": EVERYBODY,
    "GET /static/storefront/{file_path:path}": EVERYBODY,
    "GET /static/{file_path:path}": EVERYBODY,
    "GET /style.css": EVERYBODY,
    "GET /t/{capability:str}": LINKS,
    "POST /t/{capability:str}/cancel": LINKS,
    "GET /uploads/{name:str}": EVERYBODY,
}

BODIES: dict[str, dict[str, object]] = {
    "POST /admin/orders/{order_id:str}/move": {"target": "CONFIRMED", "version": 1},
    "POST /admin/staff": {"email": "x", "name": "X", "password": "x"},
    "POST /admin/staff/{staff_id:str}/role": {"role": "MANAGER"},
    "POST /api/auth/push-token": {"expoPushToken": "ExponentPushToken[x]"},
    "POST /api/orders/{order_id:str}/cancel": {"reason": "changed my mind"},
    "PATCH /api/orders/{order_id:str}/status": {"status": "CONFIRMED"},
    "PATCH /api/locations/{house_id:str}": {"name": "Taken over"},
    "POST /kitchen/{house_id:str}/dishes/{dish_id:str}/availability.json": {"isOff": True},
    "POST /kitchen/{house_id:str}/tickets/{order_id:str}/move": {"to": "CONFIRMED", "version": 1},
    "POST /kitchen/{house_id:str}/tickets/{order_id:str}/move.json": {
        "to": "CONFIRMED",
        "version": 1,
    },
    "PATCH /api/staff/{staff_id:str}": {"role": "MANAGER"},
}
"""What is sent so that a door which opens by mistake would change something."""
