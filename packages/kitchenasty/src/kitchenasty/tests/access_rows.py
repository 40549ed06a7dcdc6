"""Everybody who could knock, and the rows of answers that doors give them (access_table.py)."""

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
    "manager_here",
    "manager_elsewhere",
    "owner",
    "deactivated",
)

# nobody, link, other_link, customer_a, customer_b, cook, cook_elsewhere,
# manager, manager_here, manager_elsewhere, owner, deactivated
EVERYBODY  = "in  in  in  in  in  in  in  in  in  in  in  in"  # fmt: skip
SIGNED_IN  = "401 401 401 in  in  in  in  in  in  in  in  401"  # fmt: skip
CUSTOMERS  = "401 401 401 in  in  403 403 403 403 403 403 401"  # fmt: skip
STAFF      = "401 401 401 403 403 in  in  in  in  in  in  401"  # fmt: skip
MANAGERS   = "401 401 401 403 403 403 403 in  in  in  in  401"  # fmt: skip
ALL_HOUSES = "401 401 401 403 403 403 403 in  403 403 in  401"
OWN_HOUSE  = "401 401 401 403 403 403 403 in  in  403 in  401"  # fmt: skip
OF_HOUSE   = "401 401 401 403 403 403 403 in  in  404 in  401"  # fmt: skip
OWNERS     = "401 401 401 403 403 403 403 403 403 403 in  401"  # fmt: skip
HOUSE      = "401 401 401 403 403 in  404 in  in  404 in  401"  # fmt: skip
KITCHENS   = "401 401 401 403 403 in  403 in  in  403 in  401"  # fmt: skip
THE_ORDER  = "401 in  401 in  403 in  403 in  in  403 in  401"  # fmt: skip
OWN_ORDER  = "401 401 401 in  404 403 403 403 403 403 403 401"  # fmt: skip
LINKS      = "404 in  in  404 404 404 404 404 404 404 404 404"  # fmt: skip
ITS_LINK   = "404 in  404 404 404 404 404 404 404 404 404 404"  # fmt: skip
REVIEWS    = "401 in  404 in  404 403 403 403 403 403 403 401"  # fmt: skip
THE_TABLE  = "401 in  401 in  404 in  404 in  in  404 in  401"  # fmt: skip
CLAIMS     = "404 401 401 404 404 404 404 404 404 404 404 404"  # fmt: skip

RESERVATION_ROWS = {
    "GET /admin/settings/reservation": MANAGERS,
    "POST /admin/settings/reservation": ALL_HOUSES,
    "GET /api/settings/reservation": MANAGERS,
    "PUT /api/settings/reservation": ALL_HOUSES,
    "GET /at/{house:str}/reserve": EVERYBODY,
    "POST /at/{house:str}/reserve": EVERYBODY,
    "GET /r/{capability:str}": ITS_LINK,
    "GET /static/reserving/{file_path:path}": EVERYBODY,
    "GET /static/waitlist/{file_path:path}": EVERYBODY,
    "GET /calendar/{capability:str}/reservations.ics": ITS_LINK,
    "GET /r/{capability:str}/reservation.ics": ITS_LINK,
    "GET /r/{capability:str}/change": ITS_LINK,
    "POST /r/{capability:str}/change": ITS_LINK,
    "POST /r/{capability:str}/cancel": ITS_LINK,
    "GET /r/{capability:str}/deposit": ITS_LINK,
    "POST /r/{capability:str}/deposit": ITS_LINK,
    "GET /r/{capability:str}/deposit/paid": ITS_LINK,
    "GET /static/deposits/{file_path:path}": EVERYBODY,
    "GET /at/{house:str}/wait": EVERYBODY,
    "POST /at/{house:str}/wait": EVERYBODY,
    "GET /w/{capability:str}": ITS_LINK,
    "POST /w/{capability:str}/accept": ITS_LINK,
    "POST /w/{capability:str}/leave": ITS_LINK,
    "POST /api/waiting-list": EVERYBODY,
    "GET /api/waiting-list": STAFF,
    "GET /api/waiting-list/{waiting_id:str}": THE_TABLE,
    "POST /api/waiting-list/{waiting_id:str}/accept": THE_TABLE,
    "POST /api/waiting-list/{waiting_id:str}/offer": HOUSE,
    "POST /api/waiting-list/{waiting_id:str}/ready": HOUSE,
    "DELETE /api/waiting-list/{waiting_id:str}/ready": HOUSE,
    "DELETE /api/waiting-list/{waiting_id:str}": THE_TABLE,
    "GET /api/reservations": STAFF,
    "POST /api/reservations": EVERYBODY,
    "GET /api/reservations/analytics": STAFF,
    "GET /api/reservations/availability": EVERYBODY,
    "GET /api/reservations/calendar": EVERYBODY,
    "GET /api/reservations/mine": CUSTOMERS,
    "GET /api/reservations/my-reservations": CUSTOMERS,
    "GET /api/reservations/slots": EVERYBODY,
    "GET /api/reservations/{reservation_id:str}": THE_TABLE,
    "GET /api/reservations/{reservation_id:str}/deposit": HOUSE,
    "PATCH /api/reservations/{reservation_id:str}": THE_TABLE,
    "DELETE /api/reservations/{reservation_id:str}": HOUSE,
}
"""Of the doors to reservations, through which guests and the house book tables."""

REVIEW_ROWS = {
    "GET /api/locations/{house_id:str}/till": OWN_HOUSE,
    "GET /api/locations/{house_id:str}/till/{day:str}": KITCHENS,
    "POST /api/locations/{house_id:str}/till/{day:str}/counts": KITCHENS,
    "POST /api/locations/{house_id:str}/till/{day:str}/close": OWN_HOUSE,
    "GET /preview/{dish_id:str}": MANAGERS,
    "POST /api/orders/{order_id:str}/refunds/preview": OF_HOUSE,
    "GET /admin/settings/review": MANAGERS,
    "POST /admin/settings/review": ALL_HOUSES,
    "GET /api/settings/review": MANAGERS,
    "GET /admin/reviews": STAFF,
    "POST /admin/reviews/{review_id:str}/hide": HOUSE,
    "POST /admin/reviews/{review_id:str}/remove": OF_HOUSE,
    "POST /admin/reviews/{review_id:str}/reply": HOUSE,
    "POST /admin/reviews/{review_id:str}/show": HOUSE,
    "GET /api/reviews": STAFF,
    "POST /api/reviews": REVIEWS,
    "GET /api/reviews/location/{house_id:str}": EVERYBODY,
    "PATCH /api/reviews/{review_id:str}": HOUSE,
    "DELETE /api/reviews/{review_id:str}": OF_HOUSE,
    "GET /at/{house:str}/reviews": EVERYBODY,
    "POST /t/{capability:str}/review": LINKS,
}
"""Of the doors to reviews; the table itself is as long as a file may be."""
