"""Three roles, each with all that the one before it may."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """VIEWER looks, DEPLOYER changes what runs, ADMIN changes who may."""

    VIEWER = "viewer"
    DEPLOYER = "deployer"
    ADMIN = "admin"

    def may(self, needed: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)
