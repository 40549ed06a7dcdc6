"""Where a market is held: its name, its key, and the rail on which its money moves."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from swarmhaul.identity import SigningKey, read_key
from swarmhaul.reputation import Pen
from swarmhaul.settlement import NONCE_BYTES, Command, Entry, Envelope, Key, SettlementRail

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Venue:
    """The market's key coordinates jobs, and keeps the log of what the market saw."""

    name: str
    key: SigningKey
    arbiter: str
    """Who rules when an arrival is disputed, unless a shipper names somebody else."""
    rail: SettlementRail
    rail_name: str = "rail"
    """What the market's place in the log of this rail is kept under."""
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when this process gave the rail a command: whoever follows it need not wait."""

    @property
    def coordinator(self) -> Key:
        return read_key(self.key.public)

    @property
    def pen(self) -> Pen:
        return Pen(self.key, self.name)

    async def submit(self, envelope: Envelope, signature: bytes) -> Entry:
        """Raises what the rail raises. It waits for a disk, so it has a thread."""
        entry = await asyncio.to_thread(self.rail.submit, envelope, signature)
        self.moved.set()
        return entry

    async def give(self, command: Command, *, occasion: str, expires_at: int) -> Entry:
        """A command of the market's own. The same occasion and end make the same envelope, which a
        rail carries out once.
        """
        envelope = Envelope(
            command=command,
            signer=self.coordinator,
            expires_at=expires_at,
            nonce=hashlib.sha256(occasion.encode()).digest()[:NONCE_BYTES],
        )
        signature = self.key.sign_raw(self.rail.message(envelope))
        return await self.submit(envelope, signature)

    async def ask(self, question: Callable[[], T]) -> T:
        """Something of the rail that may wait for the disk."""
        answer: Awaitable[T] = asyncio.to_thread(question)
        return await answer
