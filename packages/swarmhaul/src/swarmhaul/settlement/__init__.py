"""Money in escrow: signed commands, the rules that answer them, and rails that carry them out."""

from swarmhaul.settlement.commands import (
    JOB_ID_BYTES,
    KEY_BYTES,
    NOBODY,
    NONCE_BYTES,
    Accept,
    Arrive,
    Award,
    Close,
    Command,
    Confirm,
    Deposit,
    Dispute,
    Envelope,
    Expire,
    JobCommand,
    JobKey,
    Key,
    Offer,
    Open,
    Release,
    Replace,
    Resolve,
    Withdraw,
)
from swarmhaul.settlement.encoding import decode_envelope, encode_command, encode_envelope
from swarmhaul.settlement.rail import Entry, Head, SettlementRail
from swarmhaul.settlement.refusals import REFUSALS, Refused
from swarmhaul.settlement.rules import apply
from swarmhaul.settlement.states import (
    RULING_SECONDS,
    SILENCE_SECONDS,
    Counters,
    Job,
    JobStatus,
    Leg,
    LegState,
    Move,
    WayOut,
    way_out,
)

__all__ = [
    "JOB_ID_BYTES", "KEY_BYTES", "NOBODY", "NONCE_BYTES", "REFUSALS", "RULING_SECONDS",
    "SILENCE_SECONDS", "Accept", "Arrive", "Award", "Close", "Command", "Confirm", "Counters",
    "Deposit", "Dispute", "Entry", "Envelope", "Expire", "Head", "Job", "JobCommand", "JobKey",
    "JobStatus", "Key", "Leg", "LegState", "Move", "Offer", "Open", "Refused", "Release",
    "Replace", "Resolve", "SettlementRail", "WayOut", "Withdraw", "apply", "decode_envelope",
    "encode_command", "encode_envelope", "way_out",
]  # fmt: skip
