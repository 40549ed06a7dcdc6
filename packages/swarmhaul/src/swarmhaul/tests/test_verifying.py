"""A market that changes anything of what it did is found out, and it is said what it changed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from basis.escrow import (
    NONCE_BYTES,
    Award,
    Deposit,
    Envelope,
    Offer,
    Replace,
    decode_envelope,
    encode_envelope,
)
from basis.kit.signing import SigningKey, digest_of, read_key, sign_statement
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.client import Calls
from swarmhaul.kit.books import Books
from swarmhaul.market import ACCEPT_SECONDS, WITHDRAW, BidStatus, Venue, WithdrawalView
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    CYD,
    HOUR,
    MARKET_KEY,
    bid,
    bid_terms,
    list_job,
    load,
    rail_key,
    second_half,
    withdraw,
    work,
)
from swarmhaul.settlement import Row, chained, counterpart
from swarmhaul.verifying import Evidence, Replay, Taken, gather_url, verify

pytestmark = pytest.mark.parametrize("rail_name", ["ledger", "svm"], indirect=True)
MONEY = 1_000_000
"""Of each courier at the beginning."""


def names(evidence: Evidence) -> set[str]:
    return {finding.name for finding in verify(evidence).findings}


def rewritten(evidence: Evidence, entries: Sequence[Taken]) -> Evidence:
    """As a market would write it that has its journal to itself: numbers and hashes are right."""
    replay = Replay.of(evidence)
    before, made = replay.before, list[Taken]()
    for seq, taken in enumerate(entries, start=1):
        envelope = decode_envelope(taken.body)
        postings = [(wallet, amount) for wallet, amount in taken.moves.items() if amount]
        if given := -sum(amount for _, amount in postings):
            postings.append((counterpart(envelope.command, evidence.treasury), given))
        row = Row(
            seq=seq, at=taken.at, body=taken.body, proof=taken.proof,
            digest=hashlib.sha256(replay.message(envelope)).digest(),
            postings=tuple(sorted(postings)),
        )  # fmt: skip
        before = chained(before, row)
        made.append(replace(taken, seq=seq, hash=before))
    return replace(evidence, entries=made)


def flipped(raw: bytes, place: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def place_of(evidence: Evidence, kind: type, *, last: bool = False) -> int:
    found = [
        number
        for number, taken in enumerate(evidence.entries)
        if isinstance(decode_envelope(taken.body).command, kind)
    ]
    return found[-1 if last else 0]


def test_what_a_market_really_did_is_believed(evidence: Evidence) -> None:
    report = verify(evidence)
    assert report.is_good, report.lines()
    assert report.issued == 10 * BUDGET + 3 * MONEY == report.held + report.escrow
    assert len(evidence.lines) == 2
    assert rewritten(evidence, evidence.entries) == evidence


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("body", {"SignatureWrong", "EntryUnreadable", "HashWrong"}),
        ("signature", {"SignatureWrong"}),
        ("proof", {"ProofWrong"}),
        ("hash", {"HashWrong"}),
    ],
)
def test_a_flipped_byte_is_found_and_located(evidence: Evidence, part: str, said: set[str]) -> None:
    for number, taken in enumerate(evidence.entries):
        raw = getattr(taken, part)
        for place in {0, len(raw) // 2, len(raw) - 1}:
            changed = replace(taken, **{part: flipped(raw, place)})  # type: ignore[arg-type]
            entries = [*evidence.entries]
            entries[number] = changed
            found = verify(replace(evidence, entries=entries)).findings
            there = {one.name for one in found if one.where == f"entry {taken.seq}"}
            assert there & said, (part, place, there)


def test_an_entry_that_was_dropped_is_missed(evidence: Evidence) -> None:
    whole = list(evidence.entries)
    for number in range(len(whole) - 1):
        found = verify(replace(evidence, entries=whole[:number] + whole[number + 1 :])).findings
        assert "EntryMissing" in {one.name for one in found if one.where == f"entry {number + 2}"}


def test_a_deposit_that_was_dropped_with_all_hashes_made_anew_is_missed(
    evidence: Evidence,
) -> None:
    number = place_of(evidence, Deposit, last=True)
    entries = [*evidence.entries[:number], *evidence.entries[number + 1 :]]
    assert "BalanceWrong" in names(rewritten(evidence, entries))


def test_a_forged_signature_is_found(evidence: Evidence) -> None:
    taken = evidence.entries[0]
    message = Replay.of(evidence).message(decode_envelope(taken.body))
    forged = SigningKey.of_seed(b"f" * 32).sign_raw(message)
    entries = [replace(taken, signature=forged, proof=forged), *evidence.entries[1:]]
    assert {"SignatureWrong", "ProofWrong"} & names(rewritten(evidence, entries)) == (
        {"SignatureWrong"} if evidence.rail == "ledger" else {"SignatureWrong", "ProofWrong"}
    )


def test_money_that_went_elsewhere_is_found_whatever_the_hashes_say(evidence: Evidence) -> None:
    number = place_of(evidence, Deposit)
    taken = evidence.entries[number]
    (wallet,) = taken.moves
    for moves in ({wallet: taken.moves[wallet] - 1}, {read_key(ADA.public): taken.moves[wallet]}):
        entries = [*evidence.entries]
        entries[number] = replace(taken, moves=moves)
        assert {"MovesWrong", "SumsWrong"} <= names(rewritten(evidence, entries))


def test_a_command_that_counts_twice_or_too_late_is_found(evidence: Evidence) -> None:
    first = evidence.entries[0]
    assert "CommandTwice" in names(rewritten(evidence, [first, *evidence.entries]))
    late = [*evidence.entries[:-1], replace(evidence.entries[-1], at=first.at + HOUR * 3)]
    assert "EntryExpired" in names(rewritten(evidence, late))
    turned = [*evidence.entries[:-1], replace(evidence.entries[-1], at=first.at - 1)]
    assert "TimeTurnedBack" in names(rewritten(evidence, turned))


def other_award(evidence: Evidence, change: Callable[[Offer], Offer]) -> Evidence:
    """The market signs another award for the second job."""
    number = place_of(evidence, Award, last=True)
    taken = evidence.entries[number]
    given = decode_envelope(taken.body)
    assert isinstance(given.command, Award)
    (leg,) = given.command.legs
    envelope = Envelope(
        command=replace(given.command, legs=(change(leg),)),
        signer=given.signer,
        expires_at=given.expires_at,
        nonce=secrets.token_bytes(NONCE_BYTES),
    )
    signature = MARKET_KEY.sign_raw(Replay.of(evidence).message(envelope))
    changed = replace(taken, body=encode_envelope(envelope), signature=signature, proof=signature)
    # Nobody accepted that one.
    return rewritten(evidence, [*evidence.entries[:number], changed])


@pytest.mark.parametrize(
    "change",
    [
        partial(replace, courier=read_key(CYD.public), pay=100_900),
        partial(replace, pay=101_001),
        partial(replace, duration=HOUR * 4),
    ],
)
def test_an_award_that_the_matcher_did_not_make_is_found(
    evidence: Evidence, change: Callable[[Offer], Offer]
) -> None:
    assert "AwardChanged" in names(other_award(evidence, change))
    same = names(other_award(evidence, lambda leg: leg))
    assert "AwardChanged" not in same


def test_bids_that_are_hidden_or_changed_are_found(evidence: Evidence) -> None:
    second, first = evidence.jobs
    hidden = {first.id: evidence.bids[first.id][:1], second.id: evidence.bids[second.id]}
    assert names(replace(evidence, bids=hidden)) == {"AwardChanged", "BidVanished"}
    ada, cyd = evidence.bids[second.id]
    cheaper = msgspec.structs.replace(
        cyd, statement=cyd.statement.replace('"cost":100900', '"cost":100100')
    )
    changed = {first.id: evidence.bids[first.id], second.id: [ada, cheaper]}
    assert names(replace(evidence, bids=changed)) == {"BidForged"}
    borrowed = msgspec.structs.replace(cyd, agent=BEN.public)
    assert "BidForged" in names(replace(evidence, bids={**changed, second.id: [ada, borrowed]}))


def told_of_cyd(evidence: Evidence, **change: Any) -> Evidence:
    """Cyd would have carried the first job for least, and took that back; the market shows it
    otherwise.
    """
    first = evidence.jobs[1]
    *others, cyd = evidence.bids[first.id]
    assert (cyd.agent, cyd.terms.cost) == (CYD.public, 1_000)
    changed = msgspec.structs.replace(cyd, **change)
    return replace(evidence, bids={**evidence.bids, first.id: [*others, changed]})


def taken_back(
    evidence: Evidence, key: SigningKey = CYD, *, late_seconds: int = 0, **change: str
) -> WithdrawalView:
    """As the market would show a withdrawal that somebody signed with other words or later."""
    cyd = evidence.bids[evidence.jobs[1].id][-1]
    terms = {"bid": cyd.id, "digest": digest_of(cyd.statement)} | change
    now = cyd.placed_at + timedelta(seconds=late_seconds)
    market_name = evidence.market
    signed = sign_statement(key, terms, market=market_name, purpose=WITHDRAW, now=now)
    return WithdrawalView(statement=signed.text, signature=signed.signature)


def test_a_cheaper_bid_is_gone_by_the_word_of_its_agent_alone(evidence: Evidence) -> None:
    found = partial(told_of_cyd, evidence)
    shown = partial(taken_back, evidence)
    assert names(found(withdrawal=shown())) == set()
    forged = {"WithdrawalForged", "AwardChanged"}
    assert names(found(withdrawal=None)) == forged
    assert names(found(withdrawal=shown(BEN))) == forged
    other = evidence.bids[evidence.jobs[1].id][0]
    assert names(found(withdrawal=shown(bid=other.id))) == forged
    assert names(found(withdrawal=shown(digest=digest_of(other.statement)))) == forged
    # What was taken back after the award was there when the matcher was asked.
    assert names(found(withdrawal=shown(late_seconds=HOUR))) == {"AwardChanged"}
    assert names(found(status=BidStatus.LIVE, withdrawal=None)) == {"AwardChanged"}


def test_a_loser_that_is_called_withdrawn_needs_its_agents_word_too(evidence: Evidence) -> None:
    second = evidence.jobs[0]
    ada, cyd = evidence.bids[second.id]
    gone = msgspec.structs.replace(cyd, status=BidStatus.WITHDRAWN)
    shown = {**evidence.bids, second.id: [ada, gone]}
    assert names(replace(evidence, bids=shown)) == {"WithdrawalForged"}


def test_a_bid_that_vanished_is_missed(evidence: Evidence) -> None:
    """A dear one changes no award: only the stream, which others heard, tells of it."""
    first, second = evidence.jobs[1], evidence.jobs[0]
    assert {job: len(ids) for job, ids in evidence.told.items()} == {first.id: 3, second.id: 2}
    *others, cyd = evidence.bids[first.id]
    found = verify(replace(evidence, bids={**evidence.bids, first.id: others})).findings
    assert [(one.name, one.where) for one in found] == [("BidVanished", f"bid {cyd.id}")]
    # A leg tells of its bid, also when the stream is forgotten.
    ada, *others = evidence.bids[first.id]
    silent = replace(evidence, told={}, bids={**evidence.bids, first.id: others})
    said = {(one.name, one.where) for one in verify(silent).findings}
    assert ("BidVanished", f"bid {ada.id}") in said


def test_a_market_that_forgets_what_it_saw_is_found(evidence: Evidence) -> None:
    """Ada won by her name alone."""
    assert names(replace(evidence, lines=())) == {"AwardChanged"}
    assert "LineMissing" in names(replace(evidence, lines=evidence.lines[1:]))
    line = evidence.lines[0]
    forged = msgspec.structs.replace(
        line, statement=line.statement.replace("completed", "breached")
    )
    assert "LineForged" in names(replace(evidence, lines=[forged, *evidence.lines[1:]]))


def test_a_job_that_its_shipper_did_not_sign_is_found(evidence: Evidence) -> None:
    second, first = evidence.jobs
    other = msgspec.structs.replace(
        second, statement=second.statement.replace("Two boxes", "Ten boxes")
    )
    assert names(replace(evidence, jobs=[other, first])) == {"JobForged"}
    assert names(replace(evidence, jobs=[first])) == {"AwardUnlisted"}


def test_a_balance_that_the_log_does_not_give_is_found(evidence: Evidence) -> None:
    wallet = read_key(ADA.public)
    told = {**evidence.balances, wallet: evidence.balances[wallet] + 1}
    assert names(replace(evidence, balances=told)) == {"BalanceWrong"}


async def test_a_substitute_is_believed_who_bid_for_it_and_nobody_else(
    calls: Calls, books: Books, venue: Venue, clock: HandClock
) -> None:
    """The award before it is believed as well, though somebody else carries now."""
    ready_at = int(clock().timestamp()) + HOUR
    job = await list_job(books, venue, ready_at=ready_at, deliver_by=ready_at + HOUR)
    await bid(books, venue, ADA, bid_terms(job, 100_000))
    await bid(books, venue, CYD, bid_terms(job, 130_000, arrives_by=ready_at + 1_700))
    clock.advance(seconds=10)
    await work(books, venue)
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    await market.substitute(books, venue, job.id)
    await work(books, venue)
    await market.catch_up(books, venue)
    assert [leg.agent for leg in (await load(books, job.id)).legs] == [CYD.public]
    evidence = await gather_url(calls)
    assert verify(evidence).is_good, verify(evidence).lines()
    kept = {job.id: [one for one in evidence.bids[job.id] if one.agent != CYD.public]}
    assert "ReplacementUnbid" in names(replace(evidence, bids=kept))


async def test_a_crony_is_found_who_gets_more_than_was_asked_or_carries_another_part(
    calls: Calls, books: Books, venue: Venue, clock: HandClock
) -> None:
    """Cyd had bid for the whole way, and for one of the jobs took it back; Ben for its end."""
    ready_at = int(clock().timestamp()) + HOUR
    times = {"ready_at": ready_at, "deliver_by": ready_at + HOUR}
    jobs = [await list_job(books, venue, **times) for _ in range(4)]
    for job in jobs:
        await bid(books, venue, ADA, bid_terms(job, 100_000))
        await bid(books, venue, BEN, second_half(job, 120_000))
        theirs = await bid(books, venue, CYD, bid_terms(job, 130_000))
    await withdraw(books, venue, CYD, theirs)
    clock.advance(seconds=10)
    await work(books, venue)
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    offers = [(CYD, 130_000), (CYD, 130_001), (BEN, 120_000), (CYD, 130_000)]
    for number, (job, (courier, pay)) in enumerate(zip(jobs, offers, strict=True)):
        crony = Replace(job=rail_key(job), leg=0, courier=read_key(courier.public), pay=pay)
        until = int(clock().timestamp()) + 300
        await venue.give(crony, occasion=f"crony {number}", expires_at=until)
    await market.catch_up(books, venue)
    evidence = await gather_url(calls)
    given = [one for one in evidence.entries if is_replacement(one)]
    found = verify(evidence).findings
    assert [(one.name, one.where) for one in found] == [
        ("ReplacementUnbid", f"entry {one.seq}") for one in given[1:]
    ]


def is_replacement(taken: Taken) -> bool:
    return isinstance(decode_envelope(taken.body).command, Replace)
