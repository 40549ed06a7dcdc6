"""The command line's side of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from basis.kit.secret import Secret

SECONDS_MAX = 30.0


class Refused(Exception):
    """The control plane said no, in a sentence."""

    def __init__(self, sentence: str, code: str, status: int) -> None:
        super().__init__(sentence)
        self.code = code
        self.status = status


class NotAnswered(Exception):
    """Nobody is there, or something else than a control plane."""


@dataclass(frozen=True, slots=True)
class Calling:
    """One control plane and the token that opens it."""

    server: str
    token: Secret
    transport: httpx.BaseTransport | None = field(default=None, repr=False)

    def ask(
        self, method: str, path: str, body: Any = None, *, query: dict[str, Any] | None = None
    ) -> Any:
        """The data of the answer. Raises Refused, NotAnswered."""
        return self._told(method, path, json=body, params=given_in(query))

    def send(self, path: str, parts: Iterable[bytes], sent: Callable[[int], None]) -> Any:
        """A body that is too large to be held, with how much of it went. Raises Refused,
        NotAnswered.
        """

        def counted() -> Iterator[bytes]:
            for part in parts:
                yield part
                sent(len(part))

        return self._told("PUT", path, content=counted())

    def _told(self, method: str, path: str, **more: Any) -> Any:
        headers = {"authorization": f"Bearer {self.token!s}"}
        try:
            with httpx.Client(
                base_url=self.server, timeout=SECONDS_MAX, transport=self.transport, trust_env=False
            ) as client:
                answer = client.request(method, f"/api/v1{path}", headers=headers, **more)
            told = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NotAnswered(
                f"No control plane answers at {self.server}. Is `orca server` running there?"
            ) from error
        if not isinstance(told, dict) or "success" not in told:
            raise NotAnswered(f"What answers at {self.server} is no control plane.")
        if not told["success"]:
            raise Refused(told["error"], told["code"], answer.status_code)
        return told.get("data")


def given_in(query: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None}
