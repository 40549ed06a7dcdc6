"""Errors that the caller can cause. Everything else is a bug and may crash the request."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule said no. The message is for the person who reads it and says what to do.

    `code` is the class name: stable, and what clients look at. `details` are facts that a program
    may need to go on, such as the new total.
    """

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = details

    @property
    def sentence(self) -> str:
        """The message as it was given: a `Sentence` keeps its facts, `str(error)` does not."""
        said: str = self.args[0]
        return said

    @property
    def code(self) -> str:
        return type(self).__name__


class NotFound(DomainError): ...


class Conflict(DomainError): ...


class Forbidden(DomainError): ...


class Unauthenticated(DomainError): ...


class Invalid(DomainError): ...


class Unprocessable(DomainError):
    """Well-formed, but it contradicts an earlier request."""


class TooMany(DomainError):
    """Asked too often. `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: int, **details: Any) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something we need is away. Trying again after `retry_after` seconds may help."""

    def __init__(self, message: str, *, retry_after: int | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after
