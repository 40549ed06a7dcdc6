"""What the tests of the slices share."""

from __future__ import annotations

from typing import Any

from kitchenasty.kit.principals import Principal


class AlwaysOpen:
    """A house of which nobody set anything."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {"smtp": None, "openid": None}

    async def renew(self) -> None:
        """There is nothing to learn."""

    def check_open(self, principal: Principal, path: str) -> None:
        """Everybody comes in."""
