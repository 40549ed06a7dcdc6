"""A market that counts a referral otherwise than its own log says is found out."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from basis.kit.signing import sign_statement
from basis.kit.testing import HandClock
from swarmhaul.client import Calls
from swarmhaul.kit.books import Books
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import ADA, CYD, SHIPPER
from swarmhaul.reputation import SEEN, Deed, Line, SeenKind, note
from swarmhaul.verifying import Evidence, gather_url, verify

pytestmark = pytest.mark.parametrize("rail_name", ["ledger", "svm"], indirect=True)


def names(evidence: Evidence) -> set[str]:
    return {finding.name for finding in verify(evidence).findings}


async def test_a_referral_that_counts_more_than_its_word_is_worth_is_found(
    evidence: Evidence, books: Books, venue: Venue, clock: HandClock, calls: Calls
) -> None:
    """Neither a stranger's word nor a greater trust than the market's own log gives it."""
    refers = Deed(
        subject=CYD.public, counterparty=ADA.public, kind=SeenKind.REFERRED, about="referral/1"
    )
    async with books.writing() as uow:
        await note(uow, venue.pen, refers)
    after = await gather_url(calls)
    assert names(after) == set()
    last = after.lines[-1]
    honest = msgspec.json.decode(last.statement)["terms"]
    for lie in ({"trust": honest["trust"] + 1}, {"counterparty": SHIPPER.public}):
        signed = sign_statement(
            venue.key, honest | lie, market=evidence.market, purpose=SEEN, now=clock()
        )
        line = Line(
            seq=last.seq, statement=signed.text, signature=signed.signature, digest=signed.digest
        )
        assert names(replace(after, lines=[*after.lines[:-1], line])) == {"TrustWrong"}
