"""The rail's log, done again: each hash, each signature, each rule, each lamport.

The rules are those in Python, whichever rail it is: what the program on chain did has to come out
of another implementation too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from basis.escrow import Envelope, Key, Refused, decode_envelope
from swarmhaul.settlement import (
    LEDGER_UNIT,
    LedgerEngine,
    Row,
    chained,
    check_signature,
    check_signer,
    counterpart,
    first_hash,
)
from swarmhaul.svm import identity_of, message_of, signature_in
from swarmhaul.verifying.evidence import Evidence, Finding, Taken


@dataclass(slots=True)
class Replay:
    """How things stand after the entries so far."""

    evidence: Evidence
    engine: LedgerEngine
    before: bytes
    seq: int = 0
    at: int = 0
    seen: set[bytes] = field(default_factory=set)
    told: dict[Key, int] = field(default_factory=dict)
    """Balances by what the log says that moved."""

    @classmethod
    def of(cls, evidence: Evidence) -> Replay:
        engine = LedgerEngine(evidence.treasury, LEDGER_UNIT, evidence.wallet_min)
        is_chain = evidence.rail == "svm"
        identity = identity_of(evidence.treasury) if is_chain else engine.identity
        return cls(evidence, engine, first_hash(identity))

    def message(self, envelope: Envelope) -> bytes:
        if self.evidence.rail == "svm":
            return bytes(message_of(envelope, self.evidence.treasury))
        return self.engine.message(envelope)


def check_rail(replay: Replay) -> Iterator[Finding]:
    """Everything that is wrong with the log; `replay` then stands where the log ends."""
    for taken in replay.evidence.entries:
        yield from check_entry(replay, taken)
        replay.seq, replay.at, replay.before = taken.seq, max(replay.at, taken.at), taken.hash
    yield from check_balances(replay)


def check_entry(replay: Replay, taken: Taken) -> Iterator[Finding]:
    where = f"entry {taken.seq}"
    if taken.seq != replay.seq + 1:
        yield Finding("EntryMissing", where, f"entry {replay.seq + 1} is not there before it")
    if taken.at < replay.at:
        yield Finding("TimeTurnedBack", where, "it is older than the one before it")
    try:
        envelope = decode_envelope(taken.body)
        message = replay.message(envelope)
    except Refused as refused:
        yield Finding("EntryUnreadable", where, refused.code)
        return
    yield from check_proof(replay, taken, envelope, message)
    digest = hashlib.sha256(message).digest()
    if digest in replay.seen:
        yield Finding("CommandTwice", where, "the same command was carried out before")
    replay.seen.add(digest)
    if taken.at > envelope.expires_at:
        yield Finding("EntryExpired", where, f"it had expired at {envelope.expires_at}")
    if hash_of(replay, taken, envelope, digest) != taken.hash:
        yield Finding("HashWrong", where, "its hash does not follow from it and what came before")
    yield from carry_out(replay, taken, envelope)


def check_proof(
    replay: Replay, taken: Taken, envelope: Envelope, message: bytes
) -> Iterator[Finding]:
    where = f"entry {taken.seq}"
    try:
        check_signature(envelope.signer, message, taken.signature)
    except Refused:
        yield Finding("SignatureWrong", where, "its signer did not sign this command")
    is_chain = replay.evidence.rail == "svm"
    proved = signature_in(taken.proof, message) if is_chain else taken.proof
    if proved != taken.signature:
        yield Finding("ProofWrong", where, "what the journal keeps does not prove it")


def hash_of(replay: Replay, taken: Taken, envelope: Envelope, digest: bytes) -> bytes:
    postings = [(wallet, amount) for wallet, amount in taken.moves.items() if amount]
    if given := -sum(amount for _, amount in postings):
        postings.append((counterpart(envelope.command, replay.evidence.treasury), given))
    row = Row(
        seq=taken.seq, at=taken.at, body=taken.body, proof=taken.proof, digest=digest,
        postings=tuple(sorted(postings)),
    )  # fmt: skip
    return chained(replay.before, row)


def carry_out(replay: Replay, taken: Taken, envelope: Envelope) -> Iterator[Finding]:
    where, engine = f"entry {taken.seq}", replay.engine
    for wallet, amount in taken.moves.items():
        replay.told[wallet] = replay.told.get(wallet, 0) + amount
    try:
        check_signer(engine, envelope)
        moves = engine.carry_out(envelope, taken.proof, taken.at)
    except Refused as refused:
        yield Finding("RuleBroken", where, f"the rules refuse it as {refused.code}")
        return
    if {move.wallet: move.amount for move in moves} != dict(taken.moves):
        yield Finding("MovesWrong", where, "something else comes of it by the rules")


def check_balances(replay: Replay) -> Iterator[Finding]:
    """What the log says, what the rules say, and what the market says."""
    engine = replay.engine
    held = sum(engine.balances.values()) + sum(job.escrow for job in engine.jobs.values())
    if held != engine.issued:
        yield Finding("SumsWrong", "the rail", f"{held} lamports are held of {engine.issued}")
    for wallet in sorted(replay.told):
        right = engine.read_balance(wallet)
        if replay.told[wallet] != right:
            why = f"the log moved {replay.told[wallet]}, by the rules it is {right}"
            yield Finding("SumsWrong", f"wallet {wallet.hex()}", why)
    for wallet, said in sorted(replay.evidence.balances.items()):
        right = engine.read_balance(wallet)
        if said != right:
            why = f"the market says {said}, by the rules it is {right}"
            yield Finding("BalanceWrong", f"wallet {wallet.hex()}", why)
