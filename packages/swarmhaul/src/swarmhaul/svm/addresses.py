"""Where things are on the chain, and what is written there."""

from __future__ import annotations

import struct
from functools import lru_cache

from solders.pubkey import Pubkey

from basis import escrow
from swarmhaul.settlement import LEG_COUNT_MAX, Counters, Job, JobKey, JobStatus, Key, Leg, LegState

PROGRAM = Pubkey(escrow.PROGRAM)
"""Where the program lies on a rail of our own; on a public chain it lies where it was deployed."""

JOB = struct.Struct("<8s32s32s32s32s16sQQqqBBB5x")
LEG = struct.Struct("<32sQqqqB7x")
REPUTATION = struct.Struct("<8s32sIII4x")
JOB_BYTES = JOB.size + LEG_COUNT_MAX * LEG.size
JOB_MAGIC, REPUTATION_MAGIC = b"HAULJOB1", b"HAULREP1"
ADDRESSES_KEPT = 4_096


@lru_cache(ADDRESSES_KEPT)
def job_address(job: JobKey) -> tuple[Pubkey, int]:
    """With the number that keeps it off the curve, which the program is told."""
    return Pubkey.find_program_address([b"job", job.shipper, job.id], PROGRAM)


@lru_cache(ADDRESSES_KEPT)
def reputation_address(courier: Key) -> tuple[Pubkey, int]:
    return Pubkey.find_program_address([b"rep", courier], PROGRAM)


def read_job(data: bytes) -> Job | None:
    """None for whatever is no job."""
    if len(data) != JOB_BYTES or not data.startswith(JOB_MAGIC):
        return None
    _, shipper, coordinator, arbiter, _payer, job_id, *figures = JOB.unpack_from(data)
    budget, paid, award_by, accept_by, status, leg_count, done = figures
    return Job(
        key=JobKey(shipper, job_id),
        coordinator=coordinator,
        arbiter=arbiter,
        budget=budget,
        paid=paid,
        award_by=award_by,
        accept_by=accept_by,
        status=JobStatus(status),
        done=done,
        legs=tuple(read_leg(data, number) for number in range(leg_count)),
    )


def read_leg(data: bytes, number: int) -> Leg:
    courier, pay, duration, due, since, state = LEG.unpack_from(data, JOB.size + LEG.size * number)
    return Leg(
        courier=courier, pay=pay, duration=duration, due=due, since=since, state=LegState(state)
    )


def read_counters(data: bytes) -> Counters:
    if len(data) != REPUTATION.size or not data.startswith(REPUTATION_MAGIC):
        return Counters()
    _, _, accepted, completed, breached = REPUTATION.unpack(data)
    return Counters(accepted=accepted, completed=completed, breached=breached)
