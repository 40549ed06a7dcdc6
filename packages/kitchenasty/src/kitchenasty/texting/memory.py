"""A carrier in memory, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from kitchenasty.texting.port import OutgoingText


@dataclass
class MemoryCarrier:
    """Keeps what it is handed. `refusals` are raised first, one for each text."""

    texts: list[OutgoingText] = field(default_factory=list)
    refusals: list[BaseException] = field(default_factory=list)

    async def send(self, text: OutgoingText) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.texts.append(text)
        return f"SM{len(self.texts):032x}"
