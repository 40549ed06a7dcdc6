"""Why a rail says no, and the one reason that can be known without a rail."""

from __future__ import annotations

from typing import Any, ClassVar

from basis.errors import DomainError, Invalid


class Refused(DomainError):
    """`number` is the same on every rail; numbers are never given again."""

    number: ClassVar[int]
    words: ClassVar[str]

    def __init__(self, **details: Any) -> None:
        super().__init__(self.words, **details)


class MalformedCommand(Refused, Invalid):
    number = 6000
    words = "This is no command of this rail. Build it anew from its fields."
