"""What a house signs: a job with what everybody may know of it, and commands about its money."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from basis.escrow import (
    NONCE_BYTES,
    Command,
    Confirm,
    Dispute,
    Envelope,
    Expire,
    JobKey,
    Open,
    encode_command,
)
from basis.kit.signing import Signed, SigningKey, read_key, sign_statement
from kitchenasty.handoff import rules, wire
from kitchenasty.handoff.drafts import Market, Place, TermsDraft
from kitchenasty.handoff.queries import Handoff

COMMAND_SECONDS = 600
STATEMENT_SECONDS = 600
SLACK_SECONDS = 60
DESCRIPTION_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be carried, from where to where, and by when. `destination` is a home: it does
    not leave this house as it stands here.
    """

    house_name: str
    origin: Place
    destination: Place
    times: rules.Times
    budget: int
    address_url: str | None


def opening_of(key: SigningKey, market: Market, handoff: Handoff, load: Load) -> Envelope:
    """Lock the budget until the market must have awarded."""
    award_by = int(load.times.bids_until.timestamp()) + market.award_seconds + SLACK_SECONDS
    command = Open(
        job=job_key(key, handoff),
        budget=load.budget,
        award_by=award_by,
        coordinator=read_key(market.coordinator),
        arbiter=read_key(market.arbiter),
    )
    return envelope_of(key, command, expires_at=award_by)


def confirmation_of(key: SigningKey, handoff: Handoff, now: datetime) -> Envelope:
    """The last courier has brought it, and is paid."""
    leg = handoff.legs[-1]
    command = Confirm(job=job_key(key, handoff), leg=leg.number, courier=read_key(leg.agent))
    return envelope_of(key, command, expires_at=soon(now))


def objection_of(key: SigningKey, handoff: Handoff, now: datetime) -> Envelope:
    reason = hashlib.sha256(b"not received").digest()
    command = Dispute(job=job_key(key, handoff), leg=handoff.legs[-1].number, reason=reason)
    return envelope_of(key, command, expires_at=soon(now))


def withdrawal_of(key: SigningKey, handoff: Handoff, now: datetime) -> Envelope:
    """Before the award the shipper has the money back at once."""
    return envelope_of(key, Expire(job=job_key(key, handoff)), expires_at=soon(now))


def job_key(key: SigningKey, handoff: Handoff) -> JobKey:
    return JobKey(read_key(key.public), bytes.fromhex(handoff.rail_id))


def soon(now: datetime) -> int:
    return int((now + timedelta(seconds=COMMAND_SECONDS)).timestamp())


def envelope_of(key: SigningKey, command: Command, *, expires_at: int) -> Envelope:
    """The same command until the same instant has the same bytes, so it is carried out once."""
    occasion = encode_command(command) + repr((command, expires_at)).encode()
    return Envelope(
        command=command,
        signer=read_key(key.public),
        expires_at=expires_at,
        nonce=hashlib.sha256(occasion).digest()[:NONCE_BYTES],
    )


def listing_of(key: SigningKey, market: Market, terms: dict[str, Any], *, now: datetime) -> Signed:
    return sign_statement(
        key,
        terms,
        market=market.name,
        purpose=wire.LIST,
        now=now,
        lives_seconds=STATEMENT_SECONDS,
    )


def job_terms(
    draft: TermsDraft, rail_id: str, load: Load, opening: wire.CommandGiven
) -> dict[str, Any]:
    """The job as everybody may read it. It names the house; of the guest it says a square of the
    town in which many live.
    """
    times = load.times
    return {
        "id": rail_id,
        "origin": spot(load.origin),
        "destination": spot(rules.cell_of(load.destination)),
        "description": description_of(load),
        "weight_grams": draft.weight_grams,
        "volume_ml": draft.volume_ml,
        "ready_at": int(times.ready_at.timestamp()),
        "deliver_by": int(times.deliver_by.timestamp()),
        "budget": load.budget,
        "window": {
            "bids_until": int(times.bids_until.timestamp()),
            "quiet_seconds": rules.quiet_seconds(draft.bid_seconds),
            "operators_min": rules.OPERATORS_MIN,
        },
        "opening": {"envelope": opening.envelope, "signature": opening.signature},
        "radius_m": rules.RADIUS_M,
    }


def spot(place: Place) -> dict[str, int]:
    return {
        "latitude_e6": rules.millionths(place.latitude),
        "longitude_e6": rules.millionths(place.longitude),
    }


def description_of(load: Load) -> str:
    """The last courier reads where to ask for the door."""
    name = "".join(one for one in load.house_name if one.isprintable())
    where = f" Address for the last courier: {load.address_url}" if load.address_url else ""
    return f"Food of {name}."[: DESCRIPTION_MAX - len(where)] + where
