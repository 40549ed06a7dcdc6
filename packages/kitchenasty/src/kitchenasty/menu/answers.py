"""The whole menu as ready bytes, one answer for each house.

Thousands of guests read the same menu, so it is encoded once and looked up afterwards. Several
times a second the books are asked whether anything has changed (the version, what is sold out, what
is left); in between, and while the books cannot be reached, the last answer stands. That is safe:
checkout asks the books itself.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from msgspec import Raw

from basis.errors import NotFound
from basis.kit.data.database import DatabaseAway
from basis.kit.http.wire import ENCODER, ok
from kitchenasty.kit.books import Books, Look
from kitchenasty.menu.queries import (
    Range,
    currency_of,
    list_availability,
    menu_version,
    read_range,
)
from kitchenasty.menu.schemas import MenuView, SoldView
from kitchenasty.menu.views import AVAILABLE, Availability, Dish

FRESH_SECONDS = 0.25
ETAG_LENGTH = 32
HOUSES_MAX = 200


class MenuNotFound(NotFound):
    """There is no house of this id, so there is no menu."""


@dataclass(slots=True)
class Answer:
    """`state` is what the books said when it was made."""

    state: object
    etag: str
    content: bytes
    checked_at: float
    is_old: bool = False
    """The books could not be reached when it was last looked at."""


class MenuAnswers:
    """The answers of one process."""

    def __init__(
        self, *, fresh_seconds: float = FRESH_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._answers: dict[str, Answer] = {}
        self._range: Range | None = None
        self._dishes: dict[tuple[str, str], tuple[Availability, Raw]] = {}
        self._fresh_seconds = fresh_seconds
        self._clock = clock

    async def find(self, books: Books, house_id: str) -> Answer:
        """The menu of a house. Raises MenuNotFound, and DatabaseAway if it was never read."""
        fresh = self.fresh(house_id)
        if fresh is not None:
            return fresh
        now = self._clock()
        known = self._answers.get(house_id)
        if known is not None:
            # Set before asking: of all who come meanwhile, only one asks the books.
            known.checked_at = now
        try:
            async with books.reading(snapshot=True) as look:
                return await self._look(look, house_id, known, now)
        except DatabaseAway:
            if known is None:
                raise
            known.is_old = True
            return known

    def fresh(self, house_id: str) -> Answer | None:
        """The answer, if the books were asked for it a moment ago."""
        known = self._answers.get(house_id)
        if known is None or self._clock() - known.checked_at >= self._fresh_seconds:
            return None
        return known

    async def _look(self, look: Look, house_id: str, known: Answer | None, now: float) -> Answer:
        left = await list_availability(look)
        currency = await currency_of(look, house_id)
        state = (await menu_version(look), currency, frozenset(left.items()))
        if known is not None and known.state == state:
            known.is_old = False
            return known
        if currency is None:
            raise MenuNotFound("We have no such house.")
        book = (await self._load_range(look, state[0])).offered_at(house_id)
        show = partial(self._show, left, currency)
        content = ENCODER.encode(ok(MenuView.of(book, house_id, currency, show)))
        etag = f'"{hashlib.sha256(content).hexdigest()[:ETAG_LENGTH]}"'
        if len(self._answers) >= HOUSES_MAX:
            self._answers.clear()
        self._answers[house_id] = Answer(state, etag, content, now)
        return self._answers[house_id]

    async def _load_range(self, look: Look, version: int) -> Range:
        """Houses offer parts of one range, so the first house to be asked for reads it for all."""
        if self._range is None or self._range.version != version:
            self._range = await read_range(look, version)
            self._dishes.clear()
        return self._range

    def _show(self, left: Mapping[str, Availability], currency: str, dish: Dish) -> SoldView:
        """The dish encoded already, unless there is more or less of it than there was."""
        now = left.get(dish.id, AVAILABLE)
        was, encoded = self._dishes.get((dish.id, currency), (None, None))
        if was != now or encoded is None:
            encoded = Raw(ENCODER.encode(SoldView.of(dish, now, currency)))
            self._dishes[dish.id, currency] = now, encoded
        return encoded  # type: ignore[return-value]  # the encoder takes it for what it encodes
