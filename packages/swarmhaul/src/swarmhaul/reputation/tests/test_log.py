"""Every observer has a log of its own: signed, chained, append-only, folded as it grows."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basis.kit.testing import HandClock
from swarmhaul.identity import Signed, SigningKey, open_statement, sign_statement
from swarmhaul.kit.books import Books
from swarmhaul.reputation import (
    LIVES_SECONDS,
    SEEN,
    STRANGER,
    Deed,
    LogMoved,
    Pen,
    Seen,
    SeenKind,
    Sighting,
    SightingUnfit,
    append,
    fold,
    list_best,
    list_lines,
    list_scores,
    load_head,
    load_standing,
    note,
)

MARKET = "test-market"
PEN = Pen(SigningKey.of_seed(b"o" * 32), MARKET)
OTHER = Pen(SigningKey.of_seed(b"p" * 32), MARKET)
ADA, BEN, CYD = (SigningKey.of_seed(letter * 32).public for letter in (b"a", b"b", b"c"))


def deed(about: str, *, kind: SeenKind = SeenKind.COMPLETED, **fields: Any) -> Deed:
    given = {"subject": ADA, "counterparty": BEN} | fields
    return Deed(kind=kind, about=about, **given)


async def write(books: Books, deeds: list[Deed], pen: Pen = PEN) -> None:
    async with books.writing() as uow:
        for one in deeds:
            await note(uow, pen, one)


def line(clock: HandClock, sighting: Sighting, pen: Pen = PEN) -> Signed:
    terms = msgspec.to_builtins(sighting)
    return sign_statement(
        pen.key, terms, market=MARKET, purpose=SEEN, now=clock(), lives_seconds=LIVES_SECONDS
    )


async def test_a_standing_is_the_fold_over_the_log(books: Books, clock: HandClock) -> None:
    """D-37: whoever has the log gets the same score to the last digit, breaches included."""
    kinds = [SeenKind.COMPLETED] * 5 + [SeenKind.BREACHED] + [SeenKind.COMPLETED] * 3
    deeds = [
        deed(f"job/{n}", kind=kind, counterparty=(BEN, CYD)[n % 2]) for n, kind in enumerate(kinds)
    ]
    await write(books, deeds)
    async with books.reading() as look:
        standing = await load_standing(look, PEN.key.public, ADA)
        lines = await list_lines(look, PEN.key.public)
    seen, previous = [], "0" * 64
    for number, one in enumerate(lines, start=1):
        signed = open_statement(
            one.statement.encode(),
            one.signature,
            market=MARKET,
            purpose=SEEN,
            now=clock(),
            lives_seconds_max=LIVES_SECONDS,
        )
        sighting = msgspec.convert(signed.terms, Sighting)
        assert (sighting.seq, sighting.previous, signed.digest) == (number, previous, one.digest)
        seen.append(Seen(sighting.kind, sighting.counterparty))
        previous = one.digest
    folded = fold(seen, STRANGER)
    assert (standing.score, standing.completed, standing.breached) == (
        folded.score,
        folded.completed,
        folded.breached,
    )


async def test_no_observer_answers_for_another(books: Books) -> None:
    """D-37: there is no global score."""
    await write(books, [deed("job/1", kind=SeenKind.BREACHED)])
    await write(books, [deed("job/2")], OTHER)
    async with books.reading() as look:
        here = await load_standing(look, PEN.key.public, ADA)
        there = await load_standing(look, OTHER.key.public, ADA)
        nowhere = await load_standing(look, BEN, ADA)
    assert (here.score, here.breached) == (0, 1)
    assert (there.score > STRANGER.score, there.completed) == (True, 1)
    assert (nowhere.score, nowhere.is_stranger) == (STRANGER.score, True)


async def test_the_same_deed_is_seen_once(books: Books) -> None:
    """D-33."""
    async with books.writing() as uow:
        assert await note(uow, PEN, deed("job/1"))
    async with books.writing() as uow:
        assert not await note(uow, PEN, deed("job/1", kind=SeenKind.BREACHED))
    async with books.reading() as look:
        assert (await load_standing(look, PEN.key.public, ADA)).completed == 1


async def test_of_twelve_who_write_at_once_none_is_lost(books: Books) -> None:
    """D-34: the score was read, changed and written without a lock."""

    async def write_one(number: int) -> None:
        while True:
            try:
                return await write(books, [deed(f"job/{number}")])
            except LogMoved:
                continue

    await asyncio.gather(*(write_one(number) for number in range(12)))
    async with books.reading() as look:
        standing = await load_standing(look, PEN.key.public, ADA)
        head, _ = await load_head(look, PEN.key.public)
    assert (standing.completed, head) == (12, 12)
    assert standing.score == fold([Seen(SeenKind.COMPLETED, BEN)] * 12).score


async def test_a_line_follows_the_last_one(books: Books, clock: HandClock) -> None:
    await write(books, [deed("job/1")])
    async with books.reading() as look:
        seq, digest = await load_head(look, PEN.key.public)
    facts: dict[str, Any] = {
        "subject": ADA, "counterparty": BEN, "kind": SeenKind.COMPLETED, "about": "job/2"
    }  # fmt: skip
    for wrong in (
        Sighting(seq=seq, previous=digest, **facts),
        Sighting(seq=seq + 2, previous=digest, **facts),
        Sighting(seq=seq + 1, previous="0" * 64, **facts),
    ):
        with pytest.raises(LogMoved):
            async with books.writing() as uow:
                await append(uow, line(clock, wrong), wrong)
    right = Sighting(seq=seq + 1, previous=digest, **facts)
    async with books.writing() as uow:
        await append(uow, line(clock, right), right)


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": PEN.key.public},
        {"subject": BEN},
        {"subject": "nobody"},
        {"counterparty": "nobody"},
        {"about": "job/1"},
    ],
    ids=["itself", "for-itself", "no-key", "no-party", "twice"],
)
async def test_refuses_lines_that_prove_nothing(
    books: Books, clock: HandClock, fields: dict[str, Any]
) -> None:
    """D-06: nobody vouches for themselves, and nothing counts twice."""
    await write(books, [deed("job/1")])
    async with books.reading() as look:
        seq, digest = await load_head(look, PEN.key.public)
    facts: dict[str, Any] = {"subject": ADA, "counterparty": BEN, "about": "job/2"} | fields
    wrong = Sighting(seq=seq + 1, previous=digest, kind=SeenKind.COMPLETED, **facts)
    with pytest.raises(SightingUnfit):
        async with books.writing() as uow:
            await append(uow, line(clock, wrong), wrong)


async def test_lists_scores_and_who_stands_highest(books: Books) -> None:
    await write(books, [deed("job/1"), deed("job/2", subject=CYD, kind=SeenKind.BREACHED)])
    async with books.reading() as look:
        scores = await list_scores(look, PEN.key.public, [ADA, BEN, CYD])
        best = await list_best(look, PEN.key.public)
    assert scores[BEN] == STRANGER.score
    assert scores[CYD] == 0
    assert [one.subject for one in best] == [ADA, CYD]


@settings(max_examples=100)
@given(st.text(max_size=50))
def test_what_a_line_is_about_is_a_plain_name(text: str) -> None:
    terms = {
        "seq": 1, "previous": "0" * 64, "subject": ADA, "counterparty": BEN, "kind": "completed",
        "about": text,
    }  # fmt: skip
    try:
        msgspec.convert(terms, Sighting)
    except msgspec.ValidationError:
        return
    assert text.isprintable()
    assert " " not in text
