"""Calls to a market that may be away for a while: whatever is sent may be sent again, since a
statement counts once and an envelope is carried out once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import httpx
import msgspec

from basis.errors import DomainError, Unavailable

T = TypeVar("T")

TRIES = 6
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 0.2, 10.0
SECONDS_MAX = 30.0
BYTES_MAX = 8_000_000


class MarketAway(Unavailable):
    """It was tried for a while. What was sent may or may not have been carried out."""


class MarketRefuses(DomainError):
    """The market said no, and would again. `code` is the market's own."""

    def __init__(self, sentence: str, *, refusal: str, status: int, details: Any = None) -> None:
        super().__init__(sentence)
        self.refusal = refusal
        self.status = status
        self.told = details or {}

    @property
    def code(self) -> str:
        return self.refusal


class Problem(msgspec.Struct):
    """The form of every refusal."""

    error: str = ""
    code: str = ""
    details: dict[str, Any] | None = None


def pause(attempt: int) -> float:
    """Twice as long each time, and by chance, so that not all come back at once."""
    longest = min(PAUSE_SECONDS_MAX, PAUSE_SECONDS * 2**attempt)
    return random.uniform(longest / 2, longest)  # noqa: S311  # nobody is kept out by it


class Calls:
    """HTTP to one market."""

    def __init__(self, url: str, *, tries: int = TRIES) -> None:
        self.url = url.rstrip("/")
        self._tries = tries
        # Proxies of the environment are for other things than money.
        self.http = httpx.AsyncClient(base_url=self.url, timeout=SECONDS_MAX, trust_env=False)

    async def close(self) -> None:
        await self.http.aclose()

    async def read(self, path: str, kind: type[T], **query: Any) -> T:
        """Raises MarketAway, MarketRefuses."""
        body, _ = await self.call("GET", path, params=query)
        return decode(body, kind)

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[bytes, int]:
        """What was answered, and at which attempt. Raises MarketAway, MarketRefuses.

        A refusal at a later attempt may be about what an earlier one has done.
        """
        why = "It does not answer."
        for attempt in range(self._tries):
            waiting = pause(attempt)
            try:
                answer = await self.http.request(
                    method, path, params=params, content=content, headers=headers
                )
            except httpx.TransportError as error:
                why = f"{type(error).__name__} {error}".strip()
            else:
                if answer.status_code < HTTPStatus.BAD_REQUEST:
                    return answer.content, attempt
                if not may_change(answer.status_code):
                    raise refusal_in(answer, attempt)
                why = f"It answers {answer.status_code}."
                waiting = max(waiting, asked_to_wait(answer))
            if attempt < self._tries - 1:
                await asyncio.sleep(waiting)
        raise MarketAway(f"The market at {self.url} is away: {why}")


def may_change(status: int) -> bool:
    """Whether the same may be answered otherwise in a moment."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def asked_to_wait(answer: httpx.Response) -> float:
    told = answer.headers.get("retry-after", "")
    return min(int(told), PAUSE_SECONDS_MAX) if told.isascii() and told.isdigit() else 0.0


def refusal_in(answer: httpx.Response, attempt: int) -> MarketRefuses:
    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
    except msgspec.MsgspecError:
        problem = Problem()
    refused = MarketRefuses(
        problem.error or f"The market answers {answer.status_code}.",
        refusal=problem.code,
        status=answer.status_code,
        details=problem.details,
    )
    refused.told["attempt"] = attempt
    return refused


def decode(body: bytes, kind: type[T]) -> T:
    """Raises MarketAway for an answer of another form: whatever answers there is no market."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise MarketAway(f"What answers there is no market that we know: {error}") from error
