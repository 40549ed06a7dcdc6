"""Who takes part in the tests, and commands of theirs that are valid where nothing else is said."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from basis.escrow import (
    Accept,
    Arrive,
    Award,
    Confirm,
    Envelope,
    JobCommand,
    JobKey,
    Key,
    Offer,
    Open,
)
from swarmhaul.settlement.rules import apply
from swarmhaul.settlement.states import Job

NOW = 1_800_000_000
HOUR = 3_600
PAY = 2_000_000


def secret_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


NAMES = (
    "treasury", "shipper", "coordinator", "arbiter", "alice", "bob", "carol", "stranger",
)  # fmt: skip
SECRETS = {name: secret_of(name) for name in NAMES}
KEYS: dict[str, Key] = {
    name: secret.public_key().public_bytes_raw() for name, secret in SECRETS.items()
}
TREASURY, SHIPPER, COORDINATOR, ARBITER, ALICE, BOB, CAROL, STRANGER = KEYS.values()
NAME_OF = {key: name for name, key in KEYS.items()}
JOB = JobKey(SHIPPER, b"a parcel to Pasi")


def offers(*couriers: Key, pay: int = PAY, duration: int = HOUR) -> tuple[Offer, ...]:
    return tuple(Offer(courier, pay, duration) for courier in couriers)


def opening(*, now: int = NOW, budget: int = 4 * PAY) -> Open:
    return Open(
        job=JOB, budget=budget, award_by=now + HOUR, coordinator=COORDINATOR, arbiter=ARBITER
    )


def awarding(*couriers: Key, now: int = NOW) -> Award:
    return Award(job=JOB, accept_by=now + HOUR, legs=offers(*couriers))


def envelope_of(command: JobCommand, signer: Key, *, at: int = NOW, nonce: int = 0) -> Envelope:
    return Envelope(
        command=command, signer=signer, expires_at=at + HOUR, nonce=nonce.to_bytes(24, "little")
    )


def go_through(*steps: tuple[JobCommand, Key], now: int = NOW, job: Job | None = None) -> Job:
    """The job after all these steps, which must not end it."""
    for command, signer in steps:
        job = apply(job, command, signer=signer, now=now).job
    assert job is not None
    return job


def awarded_job(*couriers: Key) -> Job:
    return go_through((opening(), SHIPPER), (awarding(*couriers), COORDINATOR))


def accepted_job(*couriers: Key) -> Job:
    steps = [(Accept(job=JOB, leg=leg), courier) for leg, courier in enumerate(couriers)]
    return go_through(*steps, job=awarded_job(*couriers))


def arrived_job(*couriers: Key) -> Job:
    return go_through((Arrive(job=JOB, leg=0), couriers[0]), job=accepted_job(*couriers))


def done_job(courier: Key) -> Job:
    return go_through((Confirm(job=JOB, leg=0, courier=courier), SHIPPER), job=arrived_job(courier))


def with_legs(command: Award, *legs: Offer) -> Award:
    return replace(command, legs=legs)
