"""What can be asked of a settlement rail, and the envelope in which somebody signs it.

Amounts are whole numbers of the rail's smallest unit (lamports, cents), instants are seconds since
1970, keys are the 32 bytes of an ed25519 public key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Key = bytes
NOBODY: Key = bytes(32)
KEY_BYTES = 32
JOB_ID_BYTES = 16
NONCE_BYTES = 24
LEG_COUNT_MAX = 8


@dataclass(frozen=True, slots=True, order=True)
class JobKey:
    """A job is its shipper's: the same id of somebody else is another job."""

    shipper: Key
    id: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """One leg as it is offered: who is to carry it, for how much, and how long that may take."""

    courier: Key
    pay: int
    duration: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The shipper locks the budget. Until `award_by` the coordinator may award the legs."""

    tag: ClassVar[int] = 0
    job: JobKey
    budget: int
    award_by: int
    coordinator: Key
    arbiter: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """The coordinator offers every leg. After `accept_by` it may replace who has not accepted."""

    tag: ClassVar[int] = 1
    job: JobKey
    accept_by: int
    legs: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """A courier takes the leg that was offered to it, and the risk for its name."""

    tag: ClassVar[int] = 2
    job: JobKey
    leg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """The coordinator offers a leg that nobody has accepted to somebody else."""

    tag: ClassVar[int] = 3
    job: JobKey
    leg: int
    courier: Key
    pay: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    """The courier says that it is at the end of its leg."""

    tag: ClassVar[int] = 4
    job: JobKey
    leg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Who receives the load says so, and `courier` is paid: the next courier, at the end the
    shipper.
    """

    tag: ClassVar[int] = 5
    job: JobKey
    leg: int
    courier: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Anybody ends a silence: nobody confirmed or disputed an arrival in time, or nobody ruled."""

    tag: ClassVar[int] = 6
    job: JobKey
    leg: int
    courier: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Who should have received the load says that it did not. `reason` is the hash of a text."""

    tag: ClassVar[int] = 7
    job: JobKey
    leg: int
    reason: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """The arbiter rules: the courier gets `share` basis points of the pay of this leg.

    A breach ends the job: what is left goes back to the shipper at once.
    """

    tag: ClassVar[int] = 8
    job: JobKey
    leg: int
    courier: Key
    share: int
    breach: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire:
    """Anybody ends a job whose time is over; the shipper ends one that was not awarded at once.

    `courier` is whose turn it is, or NOBODY before the award.
    """

    tag: ClassVar[int] = 9
    job: JobKey
    courier: Key = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Anybody ends a job that is done: what was not spent goes back to the shipper."""

    tag: ClassVar[int] = 10
    job: JobKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """The treasury brings money onto the rail."""

    tag: ClassVar[int] = 11
    wallet: Key
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Somebody takes money off the rail, back to the treasury, which pays it out elsewhere."""

    tag: ClassVar[int] = 12
    amount: int


JobCommand = (
    Open
    | Award
    | Accept
    | Replace
    | Arrive
    | Confirm
    | Release
    | Dispute
    | Resolve
    | Expire
    | Close
)
Command = JobCommand | Deposit | Withdraw
COMMANDS: dict[int, type[Command]] = {
    kind.tag: kind
    for kind in (
        Open, Award, Accept, Replace, Arrive, Confirm, Release, Dispute, Resolve, Expire, Close,
        Deposit, Withdraw,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A command, who gives it, until when it may arrive, and a nonce that makes it the only one."""

    command: Command
    signer: Key
    expires_at: int
    nonce: bytes
