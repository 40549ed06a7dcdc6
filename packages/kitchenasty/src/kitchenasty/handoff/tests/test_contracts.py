"""The examples in contracts/: a house reads exactly these, and says exactly those."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from basis.escrow import check_message, decode_envelope
from basis.kit.http.wire import Envelope
from basis.kit.outgoing import Answer, ElsewhereAway
from basis.kit.signing import Statement
from kitchenasty.handoff import papers, rules, wire
from kitchenasty.handoff.addresses import Door
from kitchenasty.handoff.drafts import Place, TermsDraft
from kitchenasty.handoff.market import MarketOdd, MarketRefuses, read
from kitchenasty.handoff.states import HandoffState, state_of

FOLDER = Path(__file__).parents[6] / "contracts" / "handoff"
HEARD: dict[str, Any] = {
    "market.json": wire.MarketAnswer,
    "wallet.json": wire.WalletAnswer,
    "message.json": wire.MessageAnswer,
    "job.json": wire.JobAnswer,
    "jobs.json": wire.JobsAnswer,
    "events.json": wire.EventsAnswer,
}


def raw(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def example(name: str) -> Any:
    return json.loads(raw(name))


@pytest.mark.parametrize(("name", "kind"), HEARD.items())
def test_a_house_reads_what_a_market_says(name: str, kind: Any) -> None:
    heard = read(Answer(200, raw(name), {}), kind)
    known = json.loads(msgspec.json.encode(heard))
    assert all(example(name)[field] == value for field, value in known.items() if field in PLAIN)


PLAIN = {"market", "coordinator", "arbiter", "rail", "balance", "message", "id", "status", "seq"}


def test_a_house_says_what_a_market_takes() -> None:
    said = msgspec.convert(example("list-job.request.json"), Statement)
    window = said.terms["window"]
    load = papers.Load(
        house_name="Mill Lane",
        origin=Place(latitude=48.1, longitude=11.5),
        destination=Place(latitude=48.14, longitude=11.56),
        times=rules.Times(
            bids_until=instant(window["bids_until"]),
            ready_at=instant(said.terms["ready_at"]),
            deliver_by=instant(said.terms["deliver_by"]),
        ),
        budget=said.terms["budget"],
        address_url=None,
    )
    given = msgspec.convert(said.terms["opening"], wire.CommandGiven)
    draft = TermsDraft(bid_seconds=60)
    assert papers.job_terms(draft, said.terms["id"], load, given) == said.terms
    assert said.purpose == wire.LIST


def test_a_house_signs_the_message_that_it_was_shown_and_no_other() -> None:
    shown = read(Answer(200, raw("message.json"), {}), wire.MessageAnswer)
    opening = example("list-job.request.json")["terms"]["opening"]["envelope"]
    envelope = decode_envelope(msgspec.convert(opening, bytes))
    check_message(msgspec.convert(shown.message, bytes), envelope)


def test_what_the_job_means_is_read_from_its_legs() -> None:
    job = read(Answer(200, raw("job.json"), {}), wire.JobAnswer)
    legs = [leg.to_leg() for leg in job.legs]
    assert state_of(job.status, legs, wanted_back=False) is HandoffState.FOUND


def test_a_refusal_is_told_from_a_market_that_is_away_and_from_one_that_is_none() -> None:
    with pytest.raises(MarketRefuses) as refused:
        read(Answer(401, raw("refusal.json"), {}), wire.JobAnswer)
    assert refused.value.reason == "SignatureWrong"
    for status in (429, 500, 503):
        with pytest.raises(ElsewhereAway):
            read(Answer(status, b"", {}), wire.JobAnswer)
    for body in (b"<html>", b"{}", b"[]", raw("job.json").replace(b"awarded", b"<b>awarded")):
        with pytest.raises(MarketOdd):
            read(Answer(200, body, {}), wire.JobAnswer)


def test_the_door_is_answered_as_couriers_expect() -> None:
    told = example("address.json")
    door = msgspec.convert(told, Envelope[Door])
    assert json.loads(msgspec.json.encode(door)) == told
    asked = msgspec.convert(example("address.request.json"), Statement)
    assert asked.purpose == wire.ADDRESS
    assert set(asked.terms) == {"job", "shipper"}


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
