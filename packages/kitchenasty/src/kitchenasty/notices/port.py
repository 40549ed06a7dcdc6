"""What a post office must be able to do, and how it says no."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol


class PostAway(Exception):
    """The post office cannot be reached or takes nothing from us now; no letter has a chance."""


class PostRefused(Exception):
    """One letter was not taken. `is_final` when trying again cannot help."""

    def __init__(self, why: str, *, is_final: bool) -> None:
        super().__init__(why)
        self.is_final = is_final


class Post(Protocol):
    async def send(self, message: EmailMessage) -> None:
        """Hand over one letter. Raises PostAway or PostRefused."""
