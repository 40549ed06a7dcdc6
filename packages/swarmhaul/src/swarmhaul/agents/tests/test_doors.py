"""The last courier asks where to ring, once it may, and keeps it to itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec
import pytest
from structlog.testing import capture_logs

from basis.escrow import Arrive, JobCommand
from basis.kit.outgoing import Answer, ElsewhereAway, Outgoing
from basis.kit.secret import Secret
from basis.kit.signing import SigningKey, open_statement
from basis.kit.testing import HandClock
from swarmhaul.agents import Doors
from swarmhaul.agents.book import JobBook
from swarmhaul.agents.carrying import Carrier
from swarmhaul.agents.doors import PURPOSE, TRIES, address_in
from swarmhaul.agents.hauls import Haul, tasks_of
from swarmhaul.agents.road import Pace, Road
from swarmhaul.agents.tests.builders import EAST, MIDDLE, NOON
from swarmhaul.agents.tests.test_hauls import ADA, BEN, haul
from swarmhaul.client import AboutMarket, Calls, Dealer
from swarmhaul.matching import Place

PATIENCE_SECONDS = 120
KEY = SigningKey.of_seed(b"b" * 32)
JOB = "ab" * 16
DOOR = f"https://house.example/api/handoffs/{JOB}"
ABOUT = AboutMarket(
    market="fair", coordinator=KEY.public, arbiter=KEY.public, rail="svm", treasury=KEY.public,
    wallet_min=0, award_seconds=900, bids_live_max=8,
)  # fmt: skip


class House(Outgoing):
    """A house that answers as it is told to, one answer after the other, the last one for ever."""

    def __init__(self, *answers: Answer | None) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked: list[tuple[str, bytes, Mapping[str, str]]] = []

    async def _call(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None,
        *, bytes_max: int = 0,
    ) -> Answer:  # fmt: skip
        self.asked.append((f"{method} {url}", content or b"", headers))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise ElsewhereAway
        return answer


class Silent(Outgoing):
    """A house that takes the question and says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked = asyncio.Event()

    async def _call(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None,
        *, bytes_max: int = 0,
    ) -> Answer:  # fmt: skip
        self.is_asked.set()
        await asyncio.Event().wait()
        raise ElsewhereAway


@dataclass(slots=True)
class Signer(Carrier):
    """What it would sign is noted, and sent to no market."""

    given: list[JobCommand] = field(default_factory=list)

    async def give(self, haul: Haul, command: JobCommand) -> None:
        self.given.append(command)


async def carrier_of(house: Outgoing, clock: HandClock, rider: Rider, *, at: Place) -> Signer:
    doors = await doors_of(house, clock, rider)
    return Signer(doors.dealer, JobBook(doors.dealer), Road(Pace(15.0), at, at), doors, 600)


TOLD = Answer(200, b'{"success":true,"data":{"line1":"7 Hidden Lane","phone":null}}', {})
NOT_YET = Answer(403, b"{}", {})


def bringing(description: str = f"Food of Mill Lane. Address for the last courier: {DOOR}") -> Haul:
    found = haul(BEN, "settled", "accepted")
    return replace(found, terms=msgspec.structs.replace(found.terms, description=description))


@dataclass
class Rider:
    """Whoever reads the terminal of the courier."""

    read: list[tuple[str, str]] = field(default_factory=list, repr=False)

    def show(self, job: str, door: Secret) -> None:
        self.read.append((job, str(door)))


async def doors_of(house: Outgoing, clock: HandClock, rider: Rider | None = None) -> Doors:
    calls = Calls("http://market.example")
    await calls.close()
    return Doors(Dealer(calls, KEY, ABOUT, clock), house, (rider or Rider()).show)


async def test_it_asks_under_its_own_signature_and_shows_the_answer_to_its_rider_alone(
    clock: HandClock,
) -> None:
    house, rider = House(NOT_YET, TOLD), Rider()
    doors = await doors_of(house, clock, rider)
    with capture_logs() as logs:
        assert not await doors.look_up(bringing()), "the house has not heard of it yet"
        assert await doors.look_up(bringing())
        assert await doors.look_up(bringing()), "what is known is not asked again"
    assert len(house.asked) == 2
    line, body, headers = house.asked[0]
    assert line == f"POST {DOOR}/address"
    signed = open_statement(
        body, headers["x-signature"], market="fair", purpose=PURPOSE, now=clock(),
        lives_seconds_max=120,
    )  # fmt: skip
    assert (signed.signer, signed.terms) == (BEN, {"job": JOB, "shipper": bringing().job.shipper})
    assert rider.read == [("job-1", '{"line1":"7 Hidden Lane","phone":null}')]
    assert "Hidden" not in f"{logs} {doors!r}"
    assert logs[-1]["event"] == "agent.knows_the_door"


async def test_a_house_that_does_not_answer_keeps_nobody_for_ever(clock: HandClock) -> None:
    house = House(None, Answer(200, b"<html>", {}), NOT_YET)
    rider = Rider()
    doors = await doors_of(house, clock, rider)
    assert [await doors.look_up(bringing()) for _ in range(TRIES + 1)] == [False] * TRIES + [True]
    assert len(house.asked) == TRIES
    assert rider.read == []


async def test_the_door_is_asked_for_while_it_is_ridden_to_and_not_afterwards(
    clock: HandClock,
) -> None:
    house, rider = House(TOLD), Rider()
    carrier = await carrier_of(house, clock, rider, at=MIDDLE)
    assert await carrier.ride([bringing()], NOON) > 0, "it is on its way"
    for _ in range(2):
        await carrier.doors.ask_all()
    assert len(rider.read) == len(house.asked) == 1
    await carrier.ride([], NOON)
    await carrier.doors.ask_all()
    assert carrier.doors.wanted == {}
    assert len(house.asked) == 1


async def test_a_house_that_never_answers_holds_up_no_courier(clock: HandClock) -> None:
    house = Silent()
    carrier = await carrier_of(house, clock, Rider(), at=EAST)
    carrier.doors.want([bringing()])
    asking = asyncio.create_task(carrier.doors.keep_asking())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await house.is_asked.wait()
        assert await carrier.ride([bringing()], NOON) == 0.0
    assert [type(command) for command in carrier.given] == [Arrive]
    assert not asking.done()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


@pytest.mark.parametrize(
    "description",
    [
        "Two boxes of soup",
        f"Go to https://house.example/api/handoffs/{'cd' * 16}",
        f"Go to https://house.example/api/orders/{JOB}",
        f"Go to {DOOR}?all=1",
        f"Go to {DOOR}#here",
        f"Go to https://me@house.example/api/handoffs/{JOB}",
        f"Go to file:///api/handoffs/{JOB}",
        f"{DOOR} is not the last word",
    ],
)
async def test_nothing_but_the_door_of_this_very_job_is_called(
    description: str, clock: HandClock
) -> None:
    house = House(TOLD)
    doors = await doors_of(house, clock)
    assert address_in(bringing(description)) is None
    assert await doors.look_up(bringing(description))
    assert house.asked == []


def test_only_the_end_of_the_last_part_is_somebodys_door() -> None:
    first = haul(ADA, "accepted", "accepted")
    last = haul(BEN, "settled", "accepted")
    for one, rings in ((first, False), (last, True)):
        (task,) = tasks_of(one, loaded={("job-1", 0)}, now=NOON, speed=1.0)
        assert task.rings is rings
