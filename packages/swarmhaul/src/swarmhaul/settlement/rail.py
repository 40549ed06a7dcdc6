"""The one interface of every settlement rail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from basis.escrow import Envelope, JobKey, Key
from swarmhaul.settlement.states import Counters, Job, Move


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command that was carried out. `hash` covers it and everything before it."""

    seq: int
    at: int
    envelope: Envelope
    signature: bytes
    moves: tuple[Move, ...]
    """What each wallet gained or gave, in the order of their keys."""
    proof: bytes
    """What the journal keeps beside the command: with it everybody can follow the hashes."""
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """How far a rail has come. Whoever keeps one can tell later whether history was changed."""

    seq: int
    hash: bytes


class SettlementRail(Protocol):
    """Safe to call from several threads; calls block for a disk, so await them in a thread.

    `submit` answers when the command is on the disk. An envelope is carried out once: sent again
    it gives the same entry. What was refused leaves nothing behind and may be sent again.
    """

    @property
    def treasury(self) -> Key: ...

    @property
    def wallet_min(self) -> int:
        """What a wallet must keep. A courier holds this much before it can accept."""
        ...

    def message(self, envelope: Envelope) -> bytes:
        """The bytes that the signer signs. Raises MalformedCommand."""
        ...

    def submit(self, envelope: Envelope, signature: bytes) -> Entry:
        """Raises a Refused, or JournalAway when the disk does not take it."""
        ...

    def read_job(self, job: JobKey) -> Job | None:
        """None: it was never opened, or it has ended."""
        ...

    def list_jobs(self) -> Sequence[Job]:
        """All that hold money, in the order of their keys."""
        ...

    def read_balance(self, wallet: Key) -> int: ...

    def read_counters(self, courier: Key) -> Counters: ...

    def list_entries(self, *, since: int = 0, limit: int = 500) -> Sequence[Entry]:
        """What was carried out after entry number `since`, in order."""
        ...

    def head(self) -> Head: ...

    def close(self) -> None: ...
