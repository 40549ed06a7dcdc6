"""A rail with a clock that can be set, and people who sign for themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from basis.escrow import Deposit, Key
from swarmhaul.settlement import Command, Entry, Envelope, JournaledRail, open_ledger
from swarmhaul.settlement.tests.cast import KEYS, NAME_OF, NOW, SECRETS, TREASURY
from swarmhaul.svm import open_svm

HOUR = 3_600
FUNDS = 100_000_000
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # else the usual place
"""Where a disk is not waited for: these lives are about rules, others are about the disk."""
LAMPORTS_MIN = 890_880
"""What the chain wants a wallet to hold; the ledger of the tests wants the same, to compare."""


@dataclass
class Watch:
    now: int = NOW

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


def open_test_ledger(path: Path, watch: Watch) -> JournaledRail:
    return open_ledger(
        path, treasury=TREASURY, unit="lamports", wallet_min=LAMPORTS_MIN, clock=watch
    )


def open_test_svm(path: Path, watch: Watch) -> JournaledRail:
    return open_svm(path, treasury=SECRETS["treasury"].private_bytes_raw(), clock=watch)


Opener = Callable[[Path, Watch], JournaledRail]
OPENERS: dict[str, Opener] = {"ledger": open_test_ledger, "svm": open_test_svm}


@dataclass
class House:
    """`do` signs a command as its giver would and hands it in."""

    opener: Opener
    path: Path
    watch: Watch = field(default_factory=Watch)
    nonce: int = 0
    rail: JournaledRail = field(init=False)

    def __post_init__(self) -> None:
        self.rail = self.opener(self.path, self.watch)

    def envelope(self, command: Command, signer: Key) -> Envelope:
        self.nonce += 1
        return Envelope(
            command=command,
            signer=signer,
            expires_at=self.watch.now + HOUR,
            nonce=self.nonce.to_bytes(24, "little"),
        )

    def sign(self, envelope: Envelope) -> bytes:
        return SECRETS[NAME_OF[envelope.signer]].sign(self.rail.message(envelope))

    def do(self, command: Command, signer: Key) -> Entry:
        envelope = self.envelope(command, signer)
        return self.rail.submit(envelope, self.sign(envelope))

    def fund_everybody(self) -> None:
        for name, key in KEYS.items():
            if name != "treasury":
                self.do(Deposit(wallet=key, amount=FUNDS), TREASURY)

    def start_again(self) -> None:
        self.rail.close()
        self.rail = self.opener(self.path, self.watch)

    def balances(self) -> dict[str, int]:
        return {
            name: self.rail.read_balance(key) for name, key in KEYS.items() if name != "treasury"
        }

    def money(self) -> int:
        """All that was brought: in wallets and in escrow."""
        escrow = sum(job.escrow for job in self.rail.list_jobs())
        return sum(self.balances().values()) + escrow


@contextmanager
def house(kind: str, folder: Path) -> Iterator[House]:
    opened = House(OPENERS[kind], folder / f"{kind}.journal")
    try:
        yield opened
    finally:
        opened.rail.close()
