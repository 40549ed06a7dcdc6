"""Who is asking: nobody we know, staff, a customer, a program with a key, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    ANONYMOUS = "ANONYMOUS"
    STAFF = "STAFF"
    CUSTOMER = "CUSTOMER"
    KEY = "KEY"
    SYSTEM = "SYSTEM"


class Role(StrEnum):
    """Staff roles, from the least to the most."""

    STAFF = "STAFF"
    MANAGER = "MANAGER"
    SUPER_ADMIN = "SUPER_ADMIN"


class Scope(StrEnum):
    """What an API key may be allowed, each by itself. A door of the API names the one that opens
    it, and a door that names none is closed to every key.
    """

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    ORDERS_LIVE = "orders:live"
    REFUNDS_WRITE = "refunds:write"
    MENU_READ = "menu:read"
    MENU_WRITE = "menu:write"
    HOUSES_READ = "houses:read"
    HOUSES_WRITE = "houses:write"
    GUESTS_READ = "guests:read"
    GUESTS_WRITE = "guests:write"
    OFFERS_READ = "offers:read"
    OFFERS_WRITE = "offers:write"
    REPORTS_READ = "reports:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"


RANK = {Role.STAFF: 1, Role.MANAGER: 2, Role.SUPER_ADMIN: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who acts, as loaded from the database for this one request.

    `house_ids` is None for staff of every house, otherwise the houses they may see. A key acts
    for the house as a manager does, at those doors only that one of its `scopes` opens.
    """

    kind: Kind
    id: str | None = None
    role: Role | None = None
    house_ids: frozenset[str] | None = None
    scopes: frozenset[Scope] = frozenset()
    name: str = ""
    email: str | None = None
    session_id: str | None = None
    last_seen_at: datetime | None = None
    """When the session or key was noted to be in use, to within minutes."""

    needs_second_factor: bool = False
    """The house asks for one, and this person has not set one up yet: until then, nothing opens."""

    @property
    def is_staff(self) -> bool:
        """Of the house: a person who works there, or a program that got a key."""
        return self.kind is Kind.STAFF or self.kind is Kind.KEY

    @property
    def is_customer(self) -> bool:
        return self.kind is Kind.CUSTOMER

    def has_role(self, at_least: Role) -> bool:
        """Staff with this role or a higher one; the system may do everything."""
        if self.kind is Kind.SYSTEM:
            return True
        return self.role is not None and RANK[self.role] >= RANK[at_least]

    def may_see_house(self, house_id: str) -> bool:
        if self.kind is Kind.SYSTEM:
            return True
        return self.is_staff and (self.house_ids is None or house_id in self.house_ids)

    def is_elsewhere(self, house_id: str | None) -> bool:
        """Whether it belongs to a house that this person does not work in. None is every house's,
        so it is known in each of them.
        """
        return (
            self.house_ids is not None and house_id is not None and house_id not in self.house_ids
        )

    @property
    def label(self) -> str:
        """For logs, the audit trail and histories: `STAFF:<id>`."""
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


ANONYMOUS = Principal(kind=Kind.ANONYMOUS)
SYSTEM = Principal(kind=Kind.SYSTEM, name="KitchenAsty")
