"""The fourteen allergens of Annex II of Regulation (EU) No 1169/2011, with their members. Pure.

Codes read `group` or `group:member`. A dish whose allergens were never declared is unknown, which
is not the same as none: whoever must avoid something is warned of unknown as of a hit.
"""

from __future__ import annotations

from collections.abc import Iterable

GROUPS: dict[str, str] = {
    "gluten": "Cereals containing gluten",
    "crustaceans": "Crustaceans",
    "eggs": "Eggs",
    "fish": "Fish",
    "peanuts": "Peanuts",
    "soybeans": "Soybeans",
    "milk": "Milk (lactose included)",
    "nuts": "Nuts",
    "celery": "Celery",
    "mustard": "Mustard",
    "sesame": "Sesame seeds",
    "sulphites": "Sulphur dioxide and sulphites",
    "lupin": "Lupin",
    "molluscs": "Molluscs",
}
MEMBERS: dict[str, dict[str, str]] = {
    "gluten": {
        "wheat": "Wheat",
        "rye": "Rye",
        "barley": "Barley",
        "oats": "Oats",
        "spelt": "Spelt",
        "khorasan": "Khorasan wheat",
    },
    "nuts": {
        "almond": "Almonds",
        "hazelnut": "Hazelnuts",
        "walnut": "Walnuts",
        "cashew": "Cashews",
        "pecan": "Pecan nuts",
        "brazil": "Brazil nuts",
        "pistachio": "Pistachios",
        "macadamia": "Macadamia nuts",
    },
}
NAMES: dict[str, str] = GROUPS | {
    f"{group}:{member}": f"{name} ({GROUPS[group].lower()})"
    for group, members in MEMBERS.items()
    for member, name in members.items()
}
"""Every code with its name, groups and members."""


def group_of(code: str) -> str:
    return code.partition(":")[0]


def contains(declared: Iterable[str], avoided: str) -> bool:
    """Whether a declaration contains what somebody avoids.

    Avoiding a group avoids all its members; a group declared without saying which member may be
    any of them, so it counts as each.
    """
    for code in declared:
        if code == avoided or group_of(code) == avoided or code == group_of(avoided):
            return True
    return False


def unite(dish: frozenset[str] | None, options: Iterable[frozenset[str]]) -> frozenset[str] | None:
    """What a dish contains with its chosen options; None when the dish is unknown."""
    if dish is None:
        return None
    return dish.union(*options)
