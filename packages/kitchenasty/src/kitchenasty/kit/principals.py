"""Who is asking: nobody we know, staff, a customer, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    ANONYMOUS = "ANONYMOUS"
    STAFF = "STAFF"
    CUSTOMER = "CUSTOMER"
    SYSTEM = "SYSTEM"


class Role(StrEnum):
    """Staff roles, from the least to the most."""

    STAFF = "STAFF"
    MANAGER = "MANAGER"
    SUPER_ADMIN = "SUPER_ADMIN"


RANK = {Role.STAFF: 1, Role.MANAGER: 2, Role.SUPER_ADMIN: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who acts, as loaded from the database for this one request.

    `house_ids` is None for staff of every house, otherwise the houses they may see.
    """

    kind: Kind
    id: str | None = None
    role: Role | None = None
    house_ids: frozenset[str] | None = None
    name: str = ""
    email: str | None = None
    session_id: str | None = None
    last_seen_at: datetime | None = None
    """When the session was noted to be in use, to within minutes."""

    @property
    def is_staff(self) -> bool:
        return self.kind is Kind.STAFF

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
