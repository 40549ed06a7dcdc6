"""Keys as values: what is known of one, what is asked for, and what each scope allows, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from basis.errors import Conflict, Forbidden, Invalid, NotFound
from basis.sentences import word
from kitchenasty.kit.principals import Scope

NAME_LENGTH_MAX = 100
KEYS_MAX = 100
"""So many keys may open something at the same time."""
DAYS_MAX = 3_650
SCOPE_WORDS = {
    Scope.ORDERS_READ: word("Read orders, with names and addresses of guests"),
    Scope.ORDERS_WRITE: word("Place, move and cancel orders, and take cash"),
    Scope.ORDERS_LIVE: word("Hear of orders at once (Socket.IO)"),
    Scope.REFUNDS_WRITE: word("Give money back, as far as a manager may"),
    Scope.MENU_READ: word("Read the menu, with what guests do not see"),
    Scope.MENU_WRITE: word("Change the menu, what is sold out, and stock"),
    Scope.HOUSES_READ: word("Read what guests do not see of a house"),
    Scope.HOUSES_WRITE: word("Change hours, zones, charges and taxes"),
    Scope.GUESTS_READ: word("Find guests"),
    Scope.GUESTS_WRITE: word("Change the points of guests"),
    Scope.OFFERS_READ: word("Read coupons, happy hours and gift cards"),
    Scope.OFFERS_WRITE: word("Make coupons, happy hours and gift cards"),
    Scope.REPORTS_READ: word("Read figures and reports"),
    Scope.WEBHOOKS_READ: word("See webhooks and how deliveries went"),
    Scope.WEBHOOKS_WRITE: word("Send deliveries of webhooks again"),
}


class KeyNotFound(NotFound):
    """There is no such key, or it was revoked."""

    def __init__(self) -> None:
        super().__init__("There is no such key, or it was revoked.")


class KeyRefused(Invalid):
    """What was asked for makes no key."""


class KeyMadeAlready(Conflict):
    """A form was sent twice; the key was shown the first time."""

    def __init__(self) -> None:
        super().__init__(
            "This key was made already, and is not shown again. Revoke it and make another."
        )


class KeysForOwnersOfAll(Forbidden):
    """A key may reach every house, so whoever is bound to some gives out none."""

    def __init__(self) -> None:
        super().__init__("Only owners of all houses may see and make API keys.")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDraft:
    """`house_ids` None: every house. `days` None: until it is revoked. `id` is the form's, so that
    one that is sent twice makes one key.
    """

    name: str
    scopes: frozenset[Scope]
    house_ids: tuple[str, ...] | None = None
    days: int | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as owners see it; `shown` is how it begins."""

    id: str
    name: str
    shown: str
    scopes: frozenset[Scope]
    house_ids: tuple[str, ...] | None
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; the text is told now and never again."""

    text: str
    key: ApiKey
