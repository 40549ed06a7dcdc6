"""The frame around every office page: where one can go from here, by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar.response import Template

from basis.errors import DomainError
from kitchenasty.kit.http.web import WebRequest, page
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
    every_house: bool = False
    """Only for those who work in every house."""

    def is_for(self, principal: Principal) -> bool:
        return principal.has_role(self.role) and not (
            self.every_house and principal.house_ids is not None
        )


@dataclass(frozen=True, slots=True)
class Area:
    """Places that belong together. `NOW` is always in sight, the others unfold."""

    label: str
    places: tuple[Place, ...]


NOW = Area(
    "Now",
    (
        Place("/admin", "Today", "layout-dashboard", "g t", Role.STAFF),
        Place("/admin/orders", "Orders", "clipboard-list", "g o", Role.STAFF),
        Place("/admin/tables", "Tables", "calendar", "g 8", Role.STAFF),
        Place("/kitchen", "Kitchen", "chef-hat", "g k", Role.STAFF),
    ),
)
GUESTS = Area(
    "Guests",
    (
        Place("/admin/guests", "Guests", "user", "g u", Role.STAFF),
        Place("/admin/reviews", "Reviews", "message-circle", "g 2", Role.STAFF),
        Place("/admin/coupons", "Coupons", "percent", "g c", Role.MANAGER),
        Place("/admin/promotions", "Happy hours", "clock", "g h", Role.MANAGER),
        Place("/admin/loyalty", "Points", "star", "g y", Role.MANAGER),
        Place(
            "/admin/gift-cards", "Gift cards", "credit-card", "g f", Role.MANAGER, every_house=True
        ),
        Place("/admin/rules", "Rules", "refresh-cw", "g 9", Role.MANAGER, every_house=True),
        Place("/admin/letters", "Letters", "mail", "g l", Role.MANAGER, every_house=True),
    ),
)
HOUSE = Area(
    "House",
    (
        Place("/admin/houses", "Houses", "store", "g a", Role.MANAGER),
        Place("/admin/zones", "Delivery zones", "map-pin", "g z", Role.MANAGER),
        Place("/admin/charges", "Prices and charges", "hand-coins", "g r", Role.MANAGER),
        Place("/admin/staff", "Staff", "users", "g s", Role.MANAGER),
    ),
)
MONEY = Area(
    "Money",
    (
        Place("/admin/reports", "Reports", "list", "g i", Role.MANAGER),
        Place("/admin/till", "Till", "wallet", "g m", Role.STAFF),
        Place("/admin/papers", "Receipts and refunds", "receipt", "g b", Role.MANAGER),
        Place("/admin/taxes", "Taxes", "percent", "g x", Role.MANAGER),
        Place("/admin/payments", "Payments", "wallet", "g p", Role.SUPER_ADMIN),
    ),
)
MENU = Area(
    "Menu",
    (
        Place("/admin/menu", "Dishes", "book-open", "g d", Role.MANAGER),
        Place("/admin/menu/categories", "Categories", "layout-dashboard", "g 4", Role.MANAGER),
        Place("/admin/menu/options", "Options", "list", "g 3", Role.MANAGER),
        Place("/admin/menu/mealtimes", "Mealtimes", "clock", "g 5", Role.MANAGER),
        Place("/admin/menu/allergens", "Allergens", "wheat", "g 6", Role.MANAGER),
    ),
)
SITE = Area(
    "Website",
    (
        Place("/admin/site/branding", "Branding", "sun", "g w", Role.MANAGER),
        Place("/admin/site/front", "Front page", "house", "g v", Role.MANAGER),
        Place("/admin/site/pictures", "Pictures", "image", "g g", Role.MANAGER),
        Place("/admin/site/gallery", "Gallery", "camera", "g q", Role.MANAGER),
        Place("/admin/site/legal", "Legal pages", "shield", "g n", Role.MANAGER),
        Place("/admin/site/cookies", "Cookies", "info", "g 7", Role.MANAGER),
    ),
)
SYSTEM = Area(
    "System",
    (
        Place("/admin/settings", "Settings", "settings", "g e", Role.MANAGER),
        Place("/admin/audit", "Audit log", "history", "g 1", Role.SUPER_ADMIN),
        Place("/admin/metrics", "API metrics", "timer", "g 0", Role.MANAGER),
        Place("/admin/keys", "API keys", "key-round", "g j", Role.SUPER_ADMIN),
        Place("/admin/webhooks", "Webhooks", "send", "g .", Role.SUPER_ADMIN, every_house=True),
    ),
)
AREAS = (MENU, GUESTS, HOUSE, MONEY, SITE, SYSTEM)


@dataclass(frozen=True, slots=True)
class Item:
    path: str
    label: str
    icon: str
    keys: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Fold:
    """An area in the frame; the one we are in is unfolded."""

    label: str
    items: tuple[Item, ...]

    @property
    def is_here(self) -> bool:
        return any(item.is_here for item in self.items)


@dataclass(frozen=True, slots=True)
class Shell:
    """What the frame shows: `now` always, `folds` when they are opened."""

    now: tuple[Item, ...]
    folds: tuple[Fold, ...]
    role_label: str
    search: str

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.now, *(item for fold in self.folds for item in fold.items))


def shell_of(request: WebRequest, principal: Principal) -> Shell:
    """The frame for one person on one page; what his role may not open is left out."""
    here = request.url.path.rstrip("/")
    folds = (Fold(area.label, items_of(area, principal, here)) for area in AREAS)
    return Shell(
        now=items_of(NOW, principal, here),
        folds=tuple(fold for fold in folds if fold.items),
        role_label=ROLE_LABELS[principal.role] if principal.role else "",
        search=request.query_params.get("q", "")[:100],
    )


def office_page(
    template: str,
    request: WebRequest,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    **context: Any,
) -> Template:
    """A page in the frame, which tells above everything else what was refused."""
    shell = shell_of(request, principal)
    return page(template, refusal=refusal, shell=shell, principal=principal, **context)


def items_of(area: Area, principal: Principal, here: str) -> tuple[Item, ...]:
    leading = [place.path for place in area.places if leads_to(place.path, here)]
    nearest = max(leading, key=len, default=None)
    return tuple(
        Item(place.path, place.label, place.icon, place.keys, is_here=place.path == nearest)
        for place in area.places
        if place.is_for(principal)
    )


def leads_to(path: str, here: str) -> bool:
    """A page belongs to the place whose path it starts with; the start page only to itself."""
    return here == path or (path != "/admin" and here.startswith(f"{path}/"))
