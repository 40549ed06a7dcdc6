"""A post office in memory, for tests and for houses that want to see before they send."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class MemoryPost:
    """Keeps what it is handed. `refusals` are raised first, one for each letter."""

    letters: list[EmailMessage] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    async def send(self, message: EmailMessage) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.letters.append(message)
