"""Who knows a stranger may say so: it counts what the observer thinks of whoever says it."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from basis.kit.testing import HandClock
from swarmhaul.identity import Replayed, Signed, SigningKey, sign_statement
from swarmhaul.kit.books import Books
from swarmhaul.reputation import (
    BASE,
    FIRST_MEETING_CEILING,
    ONE,
    REFER,
    REFERRALS_MAX,
    SEEN,
    AlreadyMet,
    Deed,
    LogMoved,
    Pen,
    ReferrerUnknown,
    SeenKind,
    Sighting,
    SightingUnfit,
    TooManyReferrals,
    append,
    fold,
    list_best,
    list_lines,
    list_scores,
    list_steps,
    load_head,
    load_standing,
    note,
    refer,
    seen_in,
)

MARKET = "test-market"
PEN = Pen(SigningKey.of_seed(b"o" * 32), MARKET)
KNOWN, OTHER = (SigningKey.of_seed(letter * 32) for letter in (b"k", b"l"))
PARTY = SigningKey.of_seed(b"q" * 32).public
GAIN_OF_ONE = (BASE + (ONE - BASE) // 40) // 100
"""What a referral brings of somebody who completed one leg."""


def key(number: int) -> SigningKey:
    return SigningKey.of_seed(number.to_bytes(32, "big"))


NEW = key(1_000).public


def said(clock: HandClock, by: SigningKey, subject: str = NEW) -> Signed:
    return sign_statement(by, {"subject": subject}, market=MARKET, purpose=REFER, now=clock())


async def carry(books: Books, *subjects: str, kind: SeenKind = SeenKind.COMPLETED) -> None:
    async with books.writing() as uow:
        for subject in subjects:
            deed = Deed(subject=subject, counterparty=PARTY, kind=kind, about="job/1")
            await note(uow, PEN, deed)


async def referred(
    books: Books, clock: HandClock, by: SigningKey = KNOWN, subject: str = NEW
) -> None:
    async with books.writing() as uow:
        assert await refer(uow, PEN, said(clock, by, subject)) == subject


async def score(books: Books, subject: str = NEW) -> int:
    async with books.reading() as look:
        return (await list_scores(look, PEN.key.public, [subject]))[subject]


async def test_a_referral_counts_what_the_observer_thinks_of_whoever_refers(
    books: Books, clock: HandClock
) -> None:
    await carry(books, KNOWN.public)
    await referred(books, clock)
    assert await score(books) == BASE + GAIN_OF_ONE
    async with books.reading() as look:
        standing = await load_standing(look, PEN.key.public, NEW)
        best = await list_best(look, PEN.key.public)
        elsewhere = await load_standing(look, KNOWN.public, NEW)
    assert standing.is_stranger
    assert [one.subject for one in best] == [KNOWN.public]
    assert elsewhere.score == BASE


async def test_the_fold_begins_where_the_stranger_was_met(books: Books, clock: HandClock) -> None:
    """And anybody who has the log folds it to the same digits."""
    await carry(books, KNOWN.public)
    await referred(books, clock)
    await carry(books, NEW)
    async with books.reading() as look:
        standing = await load_standing(look, PEN.key.public, NEW)
        lines = await list_lines(look, PEN.key.public)
        steps = await list_steps(look, PEN.key.public, NEW)
    terms = [msgspec.json.decode(line.statement)["terms"] for line in lines]
    sightings = [msgspec.convert(one, Sighting) for one in terms]
    folded = fold(seen_in(one) for one in sightings if one.subject == NEW)
    assert standing.score == folded.score > BASE + GAIN_OF_ONE
    assert [step.score for step in steps] == [BASE + GAIN_OF_ONE, standing.score]
    assert not standing.is_stranger


async def test_said_again_it_counts_once(books: Books, clock: HandClock) -> None:
    await carry(books, KNOWN.public)
    statement = said(clock, KNOWN)
    async with books.writing() as uow:
        await refer(uow, PEN, statement)
    with pytest.raises(Replayed):
        async with books.writing() as uow:
            await refer(uow, PEN, statement)
    await referred(books, clock)
    assert await score(books) == BASE + GAIN_OF_ONE


async def test_strangers_refer_nobody(books: Books, clock: HandClock) -> None:
    """Also when they were referred themselves: one hop and no more."""
    await carry(books, KNOWN.public)
    await referred(books, clock, KNOWN, OTHER.public)
    for nobody in (OTHER, key(7)):
        with pytest.raises(ReferrerUnknown):
            await referred(books, clock, nobody)
    assert await score(books) == BASE


async def test_who_broke_their_word_brings_nothing(books: Books, clock: HandClock) -> None:
    await carry(books, KNOWN.public, kind=SeenKind.BREACHED)
    await referred(books, clock)
    assert await score(books) == BASE


async def test_nobody_refers_themselves_or_somebody_who_was_met(
    books: Books, clock: HandClock
) -> None:
    await carry(books, KNOWN.public, OTHER.public)
    with pytest.raises(SightingUnfit):
        await referred(books, clock, KNOWN, KNOWN.public)
    before = await score(books, OTHER.public)
    with pytest.raises(AlreadyMet):
        await referred(books, clock, KNOWN, OTHER.public)
    assert await score(books, OTHER.public) == before


async def test_however_many_refer_a_stranger_stays_below_the_ceiling(
    books: Books, clock: HandClock
) -> None:
    friends = [key(number) for number in range(120)]
    await carry(books, *(friend.public for friend in friends))
    for friend in friends:
        await referred(books, clock, friend)
    assert await score(books) == FIRST_MEETING_CEILING


async def test_of_forty_who_come_at_once_so_many_are_referred_as_may_be(
    books: Books, clock: HandClock
) -> None:
    await carry(books, KNOWN.public)
    refused = 0

    async def one(number: int) -> None:
        nonlocal refused
        while True:
            try:
                return await referred(books, clock, KNOWN, key(2_000 + number).public)
            except LogMoved:
                continue
            except TooManyReferrals:
                refused += 1
                return None

    await asyncio.gather(*(one(number) for number in range(2 * REFERRALS_MAX)))
    names = [key(2_000 + number).public for number in range(2 * REFERRALS_MAX)]
    async with books.reading() as look:
        scores = await list_scores(look, PEN.key.public, names)
    assert sum(found > BASE for found in scores.values()) == REFERRALS_MAX == refused


@pytest.mark.parametrize("kind", [SeenKind.REFERRED, SeenKind.COMPLETED])
async def test_a_line_claims_no_other_trust_than_its_log_has(
    books: Books, clock: HandClock, kind: SeenKind
) -> None:
    """Also a line that its observer wrote elsewhere."""
    await carry(books, KNOWN.public)
    async with books.reading() as look:
        seq, digest = await load_head(look, PEN.key.public)
    sighting = Sighting(
        seq=seq + 1, previous=digest, subject=NEW, counterparty=KNOWN.public,
        kind=kind, about="referral/1", trust=ONE,
    )  # fmt: skip
    signed = sign_statement(
        PEN.key, msgspec.to_builtins(sighting), market=MARKET, purpose=SEEN, now=clock()
    )
    with pytest.raises(SightingUnfit):
        async with books.writing() as uow:
            await append(uow, signed, sighting)
    assert await score(books) == BASE
