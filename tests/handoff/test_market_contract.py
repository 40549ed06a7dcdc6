"""The examples in contracts/: a market says exactly these, and takes exactly those."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from basis.escrow import Confirm, Open, decode_envelope
from basis.kit.http.wire import Problem
from basis.kit.signing import Statement, is_signed_by, read_key
from swarmhaul.market import LIST, JobView
from swarmhaul.market.about_routes import About
from swarmhaul.market.events import JobMoved, LegMoved
from swarmhaul.market.openings import check_opening
from swarmhaul.market.rail_routes import EntryView, Message, RailCommand, Wallet
from swarmhaul.market.routes import JobsPage
from swarmhaul.market.terms import ListJob
from swarmhaul.stream.routes import Messages
from tests.handoff.town import URL, Town

FOLDER = Path(__file__).parents[2] / "contracts" / "handoff"
SAID: dict[str, Any] = {
    "market.json": About,
    "wallet.json": Wallet,
    "message.json": Message,
    "job.json": JobView,
    "jobs.json": JobsPage,
    "events.json": Messages,
    "entry.json": EntryView,
    "refusal.json": Problem,
}


DOORS = {"market.json": "/api/market", "events.json": "/api/events", "jobs.json": "/api/jobs"}


def example(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


@pytest.mark.parametrize(("name", "kind"), SAID.items())
def test_what_a_market_says_has_the_fields_of_the_example_and_no_others(
    name: str, kind: Any
) -> None:
    told = example(name)
    known = msgspec.json.decode(json.dumps(told).encode(), type=kind)
    assert json.loads(msgspec.json.encode(known)) == told


async def test_the_doors_answer_with_the_fields_of_the_example(town: Town) -> None:
    for name, path in DOORS.items():
        answer = await town.street.get(f"{URL}{path}")
        assert json.loads(answer.body).keys() == example(name).keys()


def test_a_job_that_a_restaurant_lists_is_one_that_a_market_takes() -> None:
    statement = msgspec.convert(example("list-job.request.json"), Statement)
    assert statement.purpose == LIST
    terms = msgspec.convert(statement.terms, ListJob)
    about = msgspec.convert(example("market.json"), About)
    opening = check_opening(
        terms, shipper=statement.signer, coordinator=read_key(about.coordinator)
    )
    assert isinstance(opening, Open)
    job = msgspec.json.decode(json.dumps(example("job.json")).encode(), type=JobView)
    raw = b"\xffswarmhaul statement v1\n" + job.statement.encode()
    assert is_signed_by(statement.signer, raw, job.signature)
    assert json.loads(job.statement) == example("list-job.request.json")


def test_a_command_that_a_restaurant_gives_is_one_that_a_rail_reads() -> None:
    given = msgspec.convert(example("command.request.json"), RailCommand)
    assert isinstance(decode_envelope(base64.b64decode(given.envelope)).command, Confirm)


def test_events_have_the_facts_of_the_example() -> None:
    facts = {JobMoved.topic: {"job_id", "status", "reason"}, LegMoved.topic: {"job_id"}}
    for message in example("events.json")["messages"]:
        assert message["payload"].keys() >= facts[message["topic"]]
