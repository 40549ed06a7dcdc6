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
CLAIMS     = "404 401 401 404 404 404 404 404 404 404 404 404"  # fmt: skip
