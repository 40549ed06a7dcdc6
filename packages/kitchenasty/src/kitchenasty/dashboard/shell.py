"""The frame around every office page: where one can go from here, by role."""

from __future__ import annotations

from dataclasses import dataclass

from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.principals import Principal, Role

ROLE_LABELS = {
    Role.STAFF: "Staff",
    Role.MANAGER: "Manager",
    Role.SUPER_ADMIN: "Owner",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in the office; `keys` are typed one after the other to go there."""

    path: str
    label: str
    icon: str
    keys: str
    role: Role


PLACES = (
    Place("/admin", "Today", "layout-dashboard", "g t", Role.STAFF),
    Place("/admin/orders", "Orders", "clipboard-list", "g o", Role.STAFF),
    Place("/kitchen", "Kitchen", "chef-hat", "g k", Role.STAFF),
    Place("/admin/coupons", "Coupons", "percent", "g c", Role.MANAGER),
    Place("/admin/promotions", "Happy hours", "clock", "g h", Role.MANAGER),
    Place("/admin/loyalty", "Points", "star", "g y", Role.MANAGER),
    Place("/admin/gift-cards", "Gift cards", "credit-card", "g f", Role.MANAGER),
    Place("/admin/staff", "Staff", "users", "g s", Role.MANAGER),
    Place("/admin/zones", "Delivery zones", "map-pin", "g z", Role.MANAGER),
    Place("/admin/charges", "Prices and charges", "hand-coins", "g r", Role.MANAGER),
    Place("/admin/taxes", "Taxes", "percent", "g x", Role.MANAGER),
    Place("/admin/papers", "Receipts and refunds", "receipt", "g b", Role.MANAGER),
    Place("/admin/letters", "Letters", "mail", "g l", Role.MANAGER),
    Place("/admin/payments", "Payments", "wallet", "g p", Role.SUPER_ADMIN),
)


@dataclass(frozen=True, slots=True)
class Item:
    path: str
    label: str
    icon: str
    keys: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """What the frame shows."""

    items: tuple[Item, ...]
    role_label: str
    search: str


def shell_of(request: WebRequest, principal: Principal) -> Shell:
    here = request.url.path.rstrip("/")
    items = tuple(
        Item(place.path, place.label, place.icon, place.keys, is_here=leads_to(place.path, here))
        for place in PLACES
        if principal.has_role(place.role)
    )
    role_label = ROLE_LABELS[principal.role] if principal.role else ""
    return Shell(items, role_label, request.query_params.get("q", "")[:100])


def leads_to(path: str, here: str) -> bool:
    """A page belongs to the place whose path it starts with; the start page only to itself."""
    return here == path or (path != "/admin" and here.startswith(f"{path}/"))
