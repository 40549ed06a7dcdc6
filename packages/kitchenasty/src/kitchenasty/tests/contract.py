"""The shapes of the wire contract, and what an answer has that does not fit them.

A shape is a type, a set of allowed values, a pattern, a list of one shape, or the keys that a thing
must have. What we add to a thing of the contract is camelCase too; its clients read past it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
WALL = re.compile(r"\d\d:\d\d")
NUMBER = (int, Decimal)
TEXT = (str, type(None))
ROLES = {"SUPER_ADMIN", "MANAGER", "STAFF"}
STATUSES = {
    "PENDING", "CONFIRMED", "PREPARING", "READY", "OUT_FOR_DELIVERY", "DELIVERED", "PICKED_UP",
    "CANCELLED",
}  # fmt: skip
TIMES = {"createdAt": STAMP, "updatedAt": STAMP}
REFERENCE = {"id": str, "name": str}

HEALTH = {"status": {"ok"}, "timestamp": STAMP, "version": {"1.0.0"}}
PAGINATION = {"page": int, "limit": int, "total": int, "totalPages": int}
STAFF = {"id": str, "email": str, "name": str, "role": ROLES, "phone": TEXT, "avatar": TEXT}
CUSTOMER = {"id": str, "email": str, "name": str, "phone": TEXT, "loyaltyPoints": int}
LOCATION = {
    "id": str, "name": str, "slug": str, "description": TEXT, "phone": TEXT, "email": TEXT,
    "address": str, "city": str, "state": TEXT, "postalCode": str, "country": str,
    "lat": (*NUMBER, type(None)), "lng": (*NUMBER, type(None)), "image": TEXT, "isActive": bool,
    "deliveryEnabled": bool, "pickupEnabled": bool, "minOrderDelivery": NUMBER,
    "minOrderPickup": NUMBER, "deliveryLeadTime": int, "pickupLeadTime": int, "isBusy": bool,
    "busyMessage": TEXT, "deliveryZones": list, "tables": list,
    "operatingHours": [{
        "id": str, "locationId": str, "dayOfWeek": int, "openTime": WALL, "closeTime": WALL,
        "isClosed": bool,
    }],
    "_count": {
        "deliveryZones": int, "tables": int, "orders": int, "reservations": int, "menuItems": int,
    },
}  # fmt: skip
ZONE = {
    "id": str, "locationId": str, "name": str, "charge": NUMBER, "minOrder": NUMBER,
    "boundaries": (dict, type(None)), "isActive": bool, **TIMES,
}  # fmt: skip
CATEGORY = {
    "id": str, "name": str, "slug": str, "description": TEXT, "image": TEXT, "sortOrder": int,
    "isActive": bool, "parentId": TEXT, "locationId": TEXT, **TIMES,
}  # fmt: skip
ALLERGEN = {"id": str, "name": str}
MEALTIME = {
    "id": str, "name": str, "startTime": WALL, "endTime": WALL, "days": [int], "isActive": bool,
    "locationId": TEXT, **TIMES,
}  # fmt: skip
MENU_ITEM = {
    "id": str, "name": str, "slug": str, "description": TEXT, "price": NUMBER, "image": TEXT,
    "isActive": bool, "sortOrder": int, "trackStock": bool, "stockQty": int,
    "orderType": {"DELIVERY", "PICKUP", None}, "categoryId": str, "locationId": TEXT,
    "category": REFERENCE, **TIMES,
}  # fmt: skip
OPTION = {
    "id": str, "menuItemId": str, "name": str,
    "displayType": {"SELECT", "RADIO", "CHECKBOX", "QUANTITY"}, "isRequired": bool,
    "minSelect": int, "maxSelect": int, "sortOrder": int,
    "values": [{
        "id": str, "menuOptionId": str, "name": str, "priceModifier": NUMBER, "isDefault": bool,
        "sortOrder": int,
    }],
}  # fmt: skip
RESERVATION_STATUSES = {
    "PENDING", "CONFIRMED", "SEATED", "COMPLETED", "CANCELLED", "NO_SHOW",
}  # fmt: skip
RESERVATION = {
    "id": str, "customerId": TEXT, "locationId": str, "tableId": TEXT,
    "date": re.compile(r"\d{4}-\d\d-\d\dT00:00:00\.000Z"), "time": WALL, "partySize": int,
    "status": RESERVATION_STATUSES, "comment": TEXT, "location": REFERENCE,
    "customer": (dict, type(None)), "table": (dict, type(None)), **TIMES,
}  # fmt: skip
SLOT = {"time": WALL, "available": bool}
COUNT = {"count": int}
RESERVATION_ANALYTICS = {
    "summary": {
        "totalReservations": int, "totalGuests": int, "avgPartySize": NUMBER,
        "completionRate": NUMBER, "rangeStart": str, "rangeEnd": str,
    },
    "dailyBookings": [COUNT | {"date": str}], "dayOfWeekDistribution": [COUNT | {"day": int}],
    "partySizeDistribution": [COUNT | {"partySize": int}],
    "statusDistribution": [COUNT | {"status": RESERVATION_STATUSES}],
    "hourlyDistribution": [COUNT | {"hour": int}],
    "leadTimeBuckets": [
        COUNT | {"bucket": {"same-day", "1-2d", "3-7d", "8-14d", "15d+"}},
    ],
}  # fmt: skip
ORDER = {
    "id": str, "orderNumber": str, "status": STATUSES, "orderType": {"DELIVERY", "PICKUP"},
    "locationId": str, "customerId": TEXT, "addressId": TEXT, "subtotal": NUMBER,
    "deliveryFee": NUMBER, "tax": NUMBER, "discount": NUMBER, "tip": NUMBER, "total": NUMBER,
    "scheduledAt": TEXT, "comment": TEXT, "guestName": TEXT, "guestEmail": TEXT,
    "guestPhone": TEXT, "location": REFERENCE, "customer": (dict, type(None)),
    "_count": {"items": int}, **TIMES,
    "items": [{
        "id": str, "menuItemId": str, "name": str, "quantity": int, "unitPrice": NUMBER,
        "subtotal": NUMBER, "comment": TEXT,
        "options": [{
            "id": str, "menuOptionValueId": str, "name": str, "value": str,
            "priceModifier": NUMBER,
        }],
    }],
}  # fmt: skip


def misfits(found: Any, shape: Any, path: str = "") -> Iterator[str]:
    """Each place where an answer is not what the contract says, as a sentence."""
    if isinstance(shape, dict):
        yield from misfits_of_object(found, shape, path)
    elif isinstance(shape, list):
        if not isinstance(found, list):
            yield f"{path} is no list: {found!r}"
            return
        for number, one in enumerate(found):
            yield from misfits(one, shape[0], f"{path}[{number}]")
    elif not fits(found, shape):
        yield f"{path} is {found!r}"


def misfits_of_object(found: Any, shape: dict[str, Any], path: str) -> Iterator[str]:
    if not isinstance(found, dict):
        yield f"{path} is no object: {found!r}"
        return
    for name, inner in shape.items():
        if name not in found:
            yield f"{path}.{name} is missing"
        else:
            yield from misfits(found[name], inner, f"{path}.{name}")
    yield from (f"{path}.{name} is no camelCase" for name in found if not CAMEL.fullmatch(name))


def fits(found: Any, shape: Any) -> bool:
    if isinstance(shape, re.Pattern):
        return isinstance(found, str) and shape.fullmatch(found) is not None
    if isinstance(shape, set):
        return found in shape
    kinds = shape if isinstance(shape, tuple) else (shape,)
    # In Python a bool is an int; on the wire it is not.
    return isinstance(found, kinds) and (bool in kinds or not isinstance(found, bool))


CAMEL = re.compile(r"_?[a-z][A-Za-z0-9]*")
