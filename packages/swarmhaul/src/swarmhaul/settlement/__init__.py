"""Money in escrow: signed commands, the rules that answer them, and rails that carry them out."""

from basis.escrow import (
    JOB_ID_BYTES,
    KEY_BYTES,
    LEG_COUNT_MAX,
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
    MalformedCommand,
    Offer,
    Open,
    Refused,
    Release,
    Replace,
    Resolve,
    Withdraw,
    decode_envelope,
    encode_command,
    encode_envelope,
)
from swarmhaul.settlement.engine import (
    SUPPLY_MAX,
    Engine,
    check_signature,
    check_signer,
    counterpart,
)
from swarmhaul.settlement.journal import (
    JournalAway,
    JournalDamaged,
    JournalInUse,
    Row,
    chained,
    first_hash,
    open_journal,
)
from swarmhaul.settlement.journaled import JournaledRail, open_rail
from swarmhaul.settlement.ledger import LEDGER_UNIT, LedgerEngine, ledger_message, open_ledger
from swarmhaul.settlement.rail import Entry, Head, SettlementRail
from swarmhaul.settlement.refusals import (
    REFUSALS,
    AmountInvalid,
    InsufficientFunds,
)
from swarmhaul.settlement.rules import apply
from swarmhaul.settlement.states import (
    BUDGET_MAX,
    LEG_SECONDS_MAX,
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
    "BUDGET_MAX", "JOB_ID_BYTES", "KEY_BYTES", "LEDGER_UNIT", "LEG_COUNT_MAX", "LEG_SECONDS_MAX",
    "NOBODY", "NONCE_BYTES", "REFUSALS", "RULING_SECONDS", "SILENCE_SECONDS", "SUPPLY_MAX",
    "Accept", "AmountInvalid", "Arrive", "Award", "Close", "Command", "Confirm", "Counters",
    "Deposit", "Dispute", "Engine", "Entry", "Envelope", "Expire", "Head", "InsufficientFunds",
    "Job", "JobCommand", "JobKey", "JobStatus", "JournalAway", "JournalDamaged", "JournalInUse",
    "JournaledRail", "Key", "LedgerEngine", "Leg", "LegState", "MalformedCommand", "Move",
    "Offer", "Open", "Refused", "Release", "Replace", "Resolve", "Row", "SettlementRail",
    "WayOut", "Withdraw", "apply", "chained", "check_signature", "check_signer", "counterpart",
    "decode_envelope", "encode_command", "encode_envelope", "first_hash", "ledger_message",
    "open_journal", "open_ledger", "open_rail", "way_out",
]  # fmt: skip
