"""What every request must know of the settings, kept in memory.

Several times a second the books are asked whether anything was changed, and at once after a change
in this process. In between, and while the books cannot be reached, what was known stands. That is
safe: whoever places an order asks the books themselves (`locations.load_house`).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import select

from basis.errors import Unavailable
from basis.kit.data.database import DatabaseAway
from basis.kit.data.statements import Statement
from basis.kit.limits import Limits
from basis.sentences import word
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.principals import ANONYMOUS, Principal
from kitchenasty.settings.advanced import ADVANCED
from kitchenasty.settings.events import SettingsChanged
from kitchenasty.settings.service import read, revision

Facts = Mapping[str, Callable[[Look], Awaitable[Any]]]
FRESH_SECONDS = 0.25
RETRY_SECONDS = 300
NEVER_READ = "never read"
CALM = word("We are tidying up and are back soon. Please come again in a little while.")
REVISION_NOW = Statement(select(revision()))


class UnderMaintenance(Unavailable):
    """The house is closed to guests for a while."""


class Standing:
    """Of one process."""

    def __init__(
        self,
        books: Books,
        limits: Limits,
        *,
        open_paths: tuple[str, ...] = (),
        facts: Facts | None = None,
        fresh_seconds: float = FRESH_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._books = books
        self._limits = limits
        self._open_paths = open_paths
        self._facts = facts or {}
        self._fresh_seconds = fresh_seconds
        self._clock = clock
        self._asked_at = -fresh_seconds
        self._changes = 0
        self._revision: str | None = NEVER_READ
        self._refusal: str | None = None
        self.told: dict[str, Any] = {}
        """What the `facts` say, which other slices read of their settings."""

    async def renew(self) -> None:
        """Have what is known be at most a quarter of a second old."""
        changes = self._books.committed[SettingsChanged.topic]
        now = self._clock()
        if changes == self._changes and now - self._asked_at < self._fresh_seconds:
            return
        # Set before asking: of all who come meanwhile, only one asks the books.
        self._asked_at, self._changes = now, changes
        try:
            async with self._books.reading(snapshot=True) as look:
                await self._read(look)
        except DatabaseAway:
            return

    async def _read(self, look: Look) -> None:
        current = await look.value(REVISION_NOW)
        if current == self._revision:
            return
        values = {
            field.name: (value, source) for field, value, source in await read(look, ADVANCED)
        }
        words = str(values["maintenanceMessage"][0] or "") or CALM
        self._refusal = words if values["maintenanceMode"][0] else None
        is_on, source = values["enableRateLimiting"]
        self._limits.are_general_on = bool(is_on) if source == "saved" else self._limits.is_enabled
        self.told = {name: await fact(look) for name, fact in self._facts.items()}
        self._revision = current

    def check_open(self, principal: Principal, path: str) -> None:
        """Raises UnderMaintenance for guests, but for what has to go on."""
        is_guest = principal is ANONYMOUS or principal.is_customer
        if self._refusal and is_guest and not path.startswith(self._open_paths):
            raise UnderMaintenance(self._refusal, retry_after=RETRY_SECONDS)
