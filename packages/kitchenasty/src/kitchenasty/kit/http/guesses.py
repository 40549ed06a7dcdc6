"""Codes that somebody may try to guess: whoever tries many wrong ones waits."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from basis.errors import DomainError
from basis.kit.limits import Policy, address_key
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import WebRequest


class Guess:
    """One try of a code by whoever asks, for the time of a `with`. A refusal of the class `wrong`,
    raised or told, uses the try up; everything else gives it back. No code is no try.

    Entering raises TooManyTries.
    """

    def __init__(
        self, request: WebRequest, policy: Policy, code: str | None, *, wrong: type[DomainError]
    ) -> None:
        self._entrance, self._policy = entrance_of(request), policy
        self._address = request.scope["state"]["address"]
        self._code, self._wrong = code, wrong
        self._told: BaseException | None = None

    def tell(self, refusal: DomainError | None) -> None:
        """What came of it, when it is shown and not raised."""
        self._told = refusal

    def __enter__(self) -> Self:
        if self._code:
            self._entrance.take(self._policy, self._address)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._code and not isinstance(error or self._told, self._wrong):
            self._entrance.limits.give_back(self._policy, address_key(self._address))
