"""What people read in the audit log instead of the names of the trade's records and fields."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from basis.sentences import word
from kitchenasty.kit.http.i18n import translate

KINDS = {
    "STAFF": word("Staff"),
    "CUSTOMER": word("Guest"),
    "KEY": word("API key"),
    "SYSTEM": word("The house itself"),
    "ANONYMOUS": word("Nobody signed in"),
}
ENTITIES = {
    "Allergen": word("Allergen"),
    "ApiKey": word("API key"),
    "Audit": word("Audit log"),
    "CashDay": word("Day of the till"),
    "Category": word("Category"),
    "CookieCategory": word("Cookies"),
    "Coupon": word("Coupon"),
    "Customer": word("Guest"),
    "DeliveryZone": word("Delivery zone"),
    "FloorPlan": word("Floor plan"),
    "GalleryImage": word("Picture of the gallery"),
    "GiftCard": word("Gift card"),
    "Invitation": word("Invitation"),
    "LegalPage": word("Legal page"),
    "Letter": word("Letter"),
    "Location": word("House"),
    "Mealtime": word("Mealtime"),
    "MediaAsset": word("Picture"),
    "MenuBatch": word("Many dishes"),
    "MenuItem": word("Dish"),
    "MenuOption": word("Options"),
    "MenuOrder": word("Order of the menu"),
    "Order": word("Order"),
    "PointProgramme": word("Points"),
    "Points": word("Points"),
    "Promotion": word("Promotion"),
    "Reservation": word("Reservation"),
    "ReservationTerms": word("Rules of reservations"),
    "Review": word("Review"),
    "Settings": word("Settings"),
    "SiteSettings": word("Website"),
    "Staff": word("Staff"),
    "Table": word("Table"),
    "TableBlock": word("Blocked table"),
    "TableCombination": word("Tables together"),
    "Webhook": word("Webhook"),
    "Wording": word("Words of letters"),
}
ACTIONS = {
    "adjust": word("adjusted"),
    "allergies": word("allergies noted"),
    "block": word("blocked"),
    "collect": word("collected"),
    "confirm": word("confirmed"),
    "create": word("added"),
    "delete": word("removed"),
    "erase": word("erased"),
    "export": word("taken as a file"),
    "export-data": word("data handed out"),
    "invite": word("invited"),
    "issue": word("issued"),
    "link": word("linked"),
    "look": word("looked at"),
    "new-password": word("new password"),
    "note": word("noted"),
    "password": word("password changed"),
    "refund": word("money given back"),
    "renew": word("renewed"),
    "replay": word("sent again"),
    "reply": word("answered"),
    "sign-in": word("signed in"),
    "sign-out": word("signed out"),
    "switch-off": word("switched off"),
    "try": word("tried out"),
    "unlink": word("unlinked"),
    "update": word("changed"),
    "void": word("made void"),
}
PLAIN = {True: word("yes"), False: word("no"), None: "–"}
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_.-]")
DEPTH_MAX = 3


def kind_words(kind: str) -> str:
    return translate(KINDS[kind]) if kind in KINDS else parted(kind)


def entity_words(entity: str) -> str:
    return translate(ENTITIES[entity]) if entity in ENTITIES else parted(entity)


def action_words(action: str) -> str:
    return translate(ACTIONS[action]) if action in ACTIONS else parted(action).lower()


def field_words(field: str) -> str:
    """`openingHours.mon_from` as `opening hours mon from`."""
    return " ".join(HUMP.sub(" ", field).lower().split()) or field


def value_words(value: Any, depth: int = 0) -> str:
    """A list with commas, facts as `name: value`; what lies deeper than anybody reads as JSON."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return translate(PLAIN[value])
    if depth < DEPTH_MAX and isinstance(value, dict):
        facts = (f"{field_words(str(k))}: {value_words(v, depth + 1)}" for k, v in value.items())
        return joined(facts, depth)
    if depth < DEPTH_MAX and isinstance(value, list):
        return joined((value_words(one, depth + 1) for one in value), depth)
    return msgspec.json.encode(value).decode()


def joined(parts: Iterable[str], depth: int) -> str:
    return ("; " if depth == 0 else ", ").join(parts) or "–"


def parted(name: str) -> str:
    return " ".join(HUMP.sub(" ", name).split()).capitalize()
