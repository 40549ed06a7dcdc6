"""What is sent so that a door changes something, and which doors need no row in the trail."""

from __future__ import annotations

from typing import Any

CHANGING: dict[str, dict[str, Any]] = {
    "POST /api/menu/categories": {"name": "Soups", "slug": "soups"},
    "POST /api/menu/allergens": {"name": "Hemp"},
    # For more than any table has seats: others are told that there is a table.
    "POST /at/{house:str}/wait": {
        "party": "9",
        "date": "2030-05-18",
        "name": "Tom",
        "phone": "030 1",
    },
    "POST /api/waiting-list": {
        "partySize": 9,
        "date": "2030-05-18",
        "guestName": "Tom",
        "guestPhone": "030 1",
    },
    "POST /api/menu/mealtimes": {
        "name": "Noon",
        "startTime": "11:00",
        "endTime": "14:00",
        "days": [1],
    },
    "POST /api/locations/{house_id:str}/delivery-zones": {"name": "Near", "rank": 1},
    "PUT /api/locations/{house_id:str}/exceptions/{day:date}": {"isClosed": True},
    "POST /api/locations/{house_id:str}/till/{day:str}/counts": {"pieces": [], "number": 0},
    "POST /api/locations/{house_id:str}/till/{day:str}/close": {"pieces": [], "number": 0},
    "PUT /api/locations/{house_id:str}/refund-limit": {"amount": 20},
    "PATCH /api/menu/items/{item_id:str}": {"name": "Other"},
    "PATCH /api/menu/items/{item_id:str}/availability": {"isOff": True},
    "POST /admin/rules": {"preset": "0"},
    "POST /admin/letters/wordings/{key:str}": {
        "language": "en_GB",
        "seen": "0",
        "subject": "You are known",
        "body": "Hello.",
    },
    "POST /api/coupons": {"type": "PERCENTAGE", "value": 10},
    "POST /admin/coupons": {"type": "PERCENTAGE", "value": "10"},
    "POST /api/promotions": {"name": "Late", "percent": 10},
    "POST /api/gift-cards": {"amount": 5, "currency": "EUR"},
    "POST /admin/gift-cards": {"amount": "5", "currency": "EUR"},
    "POST /admin/loyalty": {"currency": "EUR", "perUnit": "1", "hundred": "1", "least": "1"},
    "PUT /api/loyalty/programme": {
        "isOn": True,
        "currency": "EUR",
        "pointsPerUnit": 1,
        "hundredPointsWorth": 1,
        "minimumPoints": 1,
    },
    "POST /api/loyalty/customers/{customer_id:str}/adjust": {"points": 5, "reason": "a present"},
    "POST /admin/loyalty/{customer_id:str}/adjust": {"points": "5", "reason": "a present"},
    "POST /api/staff/invite": {"email": "neo@house.example", "name": "Neo"},
    "POST /admin/staff": {"email": "new@house.example", "name": "Neo", "role": "STAFF"},
    "POST /api/auth/staff/register": {
        "email": "tom@house.example",
        "name": "Tom",
        "password": "seven green kettles",
    },
    "POST /admin/charges/{house_id:str}": {"tips": "5", "policy": "by-rate/half-up"},
    "POST /admin/zones/{house_id:str}/{zone_id:str}": {"name": "Near", "rank": "1"},
    "POST /account/addresses": {"line1": "Long Lane 1", "postal_code": "10117", "city": "Berlin"},
    "POST /api/addresses": {"line1": "Long Lane 2", "postalCode": "10117", "city": "Berlin"},
    "POST /sign-in": {"email": "owner@house.example", "password": "seven green kettles"},
    "POST /api/auth/staff/login": {
        "email": "owner@house.example",
        "password": "seven green kettles",
    },
}

AS_IT_WAS = "saved as it stood; that a change is told has tests beside the settings"
UNTOLD = {
    "POST /admin/payments": AS_IT_WAS,
    "POST /admin/settings/advanced": AS_IT_WAS,
    "POST /admin/settings/general": AS_IT_WAS,
    "POST /admin/settings/mail": AS_IT_WAS,
    "POST /admin/settings/maps": AS_IT_WAS,
    "POST /admin/zones/{house_id:str}/{zone_id:str}/file": "reads a file into the form; keeps none",
    "POST /admin/settings/openid": AS_IT_WAS,
    "POST /admin/settings/texting": AS_IT_WAS,
    "POST /admin/settings/adverts": AS_IT_WAS,
    "POST /admin/settings/order": AS_IT_WAS,
    "POST /admin/settings/review": AS_IT_WAS,
    "PUT /api/settings/advanced": AS_IT_WAS,
    "PUT /api/settings/general": AS_IT_WAS,
    "PUT /api/settings/mail": AS_IT_WAS,
    "PUT /api/settings/openid": AS_IT_WAS,
    "PUT /api/settings/order": AS_IT_WAS,
    "PUT /api/settings/review": AS_IT_WAS,
    "PUT /api/settings/reservation": AS_IT_WAS,
    "POST /admin/settings/reservation": AS_IT_WAS,
    "PUT /api/settings/payment": AS_IT_WAS,
    "POST /account/addresses": "a guest's own address book",
    "POST /api/addresses": "a guest's own address book",
    "POST /account/confirm": "a letter to the guest's own address",
    "POST /api/auth/customer/verify/resend": "a letter to the guest's own address",
    "POST /api/auth/push-token": "a guest's own phone",
    "POST /push/follow.json": "somebody's own phone",
    "POST /push/leave.json": "somebody's own phone",
}
"""Doors that change something and leave no row, each with its reason in words."""

QUIET_TABLES = {
    "audit_rows": "the trail itself",
    "sessions": "kept alive by every request; beginning and end are told",
    "idempotency_keys": "a form that is sent twice",
    "jobs": "errands",
    "outbox": "events",
    "deliveries": "events",
    "route_hours": "figures",
    "live_log": "what screens are told",
    "live_topics": "what screens are told",
    "pulse": "a sign of life",
    "notices": "letters, which have their own list",
    "text_messages": "texts, which have their own list",
    "text_days": "a counter",
    "menu_version": "a counter",
    "carts": "what a guest may order",
    "advert_words": "what a guest said, in rows that are only added",
}
"""Tables whose change by itself needs no row."""

QUIET_COLUMNS = {"updated_at", "changed_at", "saved_at", "version"}
"""When and how often somebody saved: alone they are no change."""
