"""The command that locks a budget, as it came with the job: read, and held to what the job says."""

from __future__ import annotations

import base64
import binascii

from basis.errors import DomainError
from swarmhaul.identity import read_key, read_signature
from swarmhaul.market.choosing import GRACE_SECONDS
from swarmhaul.market.refusals import CommandUnreadable, JobUnfit, OpeningUnfit
from swarmhaul.market.terms import ListJob, Opening
from swarmhaul.market.windows import AWARD_SECONDS
from swarmhaul.settlement import (
    LEG_SECONDS_MAX,
    Envelope,
    JobKey,
    Key,
    Open,
    decode_envelope,
)

WINDOW_SECONDS_MIN = 5
CARRIED_SECONDS_MAX = LEG_SECONDS_MAX - GRACE_SECONDS
"""One leg that the rail would not have spoils the whole award."""


def read_envelope(text: str) -> Envelope:
    """A command as it is sent. Raises CommandUnreadable."""
    try:
        return decode_envelope(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise CommandUnreadable(f"This is no command in base64: {error}.") from error


def read_opening(opening: Opening) -> tuple[Envelope, bytes]:
    """The command and its signature. Raises OpeningUnfit."""
    try:
        envelope = decode_envelope(base64.b64decode(opening.envelope, validate=True))
        signature = read_signature(opening.signature)
    except (binascii.Error, ValueError, DomainError) as error:
        raise OpeningUnfit(f"The opening cannot be read: {error}") from error
    return envelope, signature


def check_opening(terms: ListJob, *, shipper: str, coordinator: Key) -> Open:
    """Raises OpeningUnfit unless the command locks this budget for this job, here, for as long as
    the market needs to award it.
    """
    envelope, _ = read_opening(terms.opening)
    command = envelope.command
    if not isinstance(command, Open) or envelope.signer != command.job.shipper:
        raise OpeningUnfit("The opening is the rail's command Open, signed by the shipper.")
    if command.job != JobKey(read_key(shipper), bytes.fromhex(terms.id)):
        raise OpeningUnfit("The opening is for another job.")
    if command.budget != terms.budget:
        raise OpeningUnfit("The opening locks another budget than the job says.")
    if command.coordinator != coordinator:
        raise OpeningUnfit("The opening names another coordinator than this market.")
    if command.award_by < terms.window.bids_until + AWARD_SECONDS:
        raise OpeningUnfit(
            f"The opening leaves the market too little time: it awards until {AWARD_SECONDS} "
            "seconds after the bids end."
        )
    return command


def check_times(terms: ListJob, *, now: int) -> None:
    """Raises JobUnfit."""
    if terms.window.bids_until < now + WINDOW_SECONDS_MIN:
        raise JobUnfit("Bids need a while: let the window end later.")
    if not terms.ready_at < terms.deliver_by:
        raise JobUnfit("A job is delivered after it is ready.")
    if terms.deliver_by > now + CARRIED_SECONDS_MAX:
        raise JobUnfit("The rail gives nobody longer than 30 days: list the job later.")
    if terms.deliver_by <= terms.window.bids_until:
        raise JobUnfit("Bids end before the job is to be delivered.")
    if terms.origin == terms.destination:
        raise JobUnfit("A job ends elsewhere than where it begins.")
