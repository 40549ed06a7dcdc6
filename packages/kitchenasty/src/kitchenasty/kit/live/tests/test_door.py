"""`/live` over a real socket: who hears what, replays, beats, and what is refused."""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kitchenasty.kit.live.connection import RECHECK_BEATS
from kitchenasty.kit.live.messages import Message
from kitchenasty.kit.live.tests.house import BEAT_SECONDS, CAPABILITY, House
from kitchenasty.kit.principals import Principal

NOT_HEARD_SECONDS = 0.3
WITHIN_SECONDS = 30  # only a failure waits so long, also on a busy machine
MAY_BE_SENT_AWAY = 20
MEMBERS = [
    # who, topic, capability, may they
    ("ada", "kitchen:a", None, True),
    ("ada", "kitchen:b", None, False),
    ("bob", "kitchen:a", None, False),
    ("mia", "kitchen:b", None, True),
    ("gus", "kitchen:a", None, False),
    (None, "kitchen:a", None, False),
    ("gus", "order:1", None, True),
    ("gus", "order:2", None, False),
    (None, "order:1", None, False),
    (None, "order:1", CAPABILITY, True),
    (None, "order:2", CAPABILITY, False),
    (None, "kitchen:a", CAPABILITY, False),
    ("bob", "order:1", None, False),
    ("ada", "order:1", None, True),
    ("left", "kitchen:a", None, False),
    ("mia", "control", None, False),
    ("mia", "stranger:1", None, False),
    ("mia", "kitchen:", None, False),
]


class Talk:
    """A client that keeps what it heard, beats aside."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.beats = 0

    async def say(self, **what: Any) -> None:
        await self.socket.send(json.dumps(what))

    async def hear(self, within: float = WITHIN_SECONDS) -> dict[str, Any]:
        async with asyncio.timeout(within):
            while True:
                heard: dict[str, Any] = json.loads(await self.socket.recv())
                if "beat" not in heard:
                    return heard
                self.beats += 1

    async def hears_nothing(self) -> bool:
        try:
            await self.hear(within=NOT_HEARD_SECONDS)
        except TimeoutError:
            return True
        return False

    async def join(self, topic: str, **more: Any) -> dict[str, Any]:
        await self.say(join={"topic": topic, **more})
        return await self.hear()


@contextlib.asynccontextmanager
async def talking(house: House, token: str | None, **headers: str) -> AsyncIterator[Talk]:
    origin = f"http://127.0.0.1:{house.port}"
    sent = {"Origin": origin, **headers} | ({"Cookie": f"session={token}"} if token else {})
    # With a full queue the client stops reading, and its goodbye would wait for a timeout.
    url = f"ws://127.0.0.1:{house.port}/live"
    async with connect(url, additional_headers=sent, max_queue=None) as socket:
        yield Talk(socket)


@pytest.mark.parametrize(("token", "topic", "capability", "may"), MEMBERS)
async def test_a_room_opens_only_with_proof(
    house: House, token: str | None, topic: str, capability: str | None, may: bool
) -> None:
    async with talking(house, token) as talk:
        answer = await talk.join(topic, capability=capability)
        await house.tell(topic, subject_kind="STAFF", subject_id="nobody")
        if may:
            assert answer == {"joined": topic, "seq": 0}
            assert (await talk.hear())["seq"] == 1
        else:
            assert (answer["refused"], answer["code"]) == (topic, "NotAllowed")
            assert await talk.hears_nothing()


async def test_a_foreign_page_gets_no_socket(house: House) -> None:
    with pytest.raises(InvalidStatus):
        async with talking(house, "ada", Origin="https://elsewhere.example"):
            pass


async def test_what_was_missed_is_replayed_in_order(house: House) -> None:
    for number in range(5):
        await house.tell("kitchen:a", number=number)
    async with talking(house, "ada") as talk:
        assert await talk.join("kitchen:a", since=2) == {"joined": "kitchen:a", "seq": 2}
        assert [(await talk.hear())["seq"] for _ in range(3)] == [3, 4, 5]


async def test_what_cannot_be_replayed_says_resync(house: House) -> None:
    await house.tell("kitchen:a")
    async with talking(house, "ada") as talk:
        assert await talk.join("kitchen:a", since=70) == {"joined": "kitchen:a", "seq": 1}
        assert await talk.hear() == {"resync": "kitchen:a", "seq": 1}


async def test_whoever_left_hears_nothing_more(house: House) -> None:
    async with talking(house, "ada") as talk:
        await talk.join("kitchen:a")
        await talk.say(leave="kitchen:a")
        await talk.join("kitchen:b")  # refused, but answered after the leave
        await house.tell("kitchen:a")
        assert await talk.hears_nothing()


async def test_beats_come_by_themselves(house: House) -> None:
    async with talking(house, None) as talk:
        first, second = [json.loads(await talk.socket.recv()) for _ in range(2)]
    assert (first["beat"], second["beat"]) == (1, 2)
    assert first["at"].startswith("2030-05-17T16:00:00")


async def test_lost_rights_close_the_room_before_the_next_round_of_checks(house: House) -> None:
    async with talking(house, "ada") as talk, talking(house, "mia") as other:
        await talk.join("kitchen:a")
        await other.join("kitchen:a")
        ada = house.people.pop("ada")
        beats = talk.beats
        house.live.rooms.hub.control(ada.kind, str(ada.id))
        assert (await talk.hear())["refused"] == "kitchen:a"
        assert talk.beats - beats < RECHECK_BEATS
        await house.tell("kitchen:a")
        assert await talk.hears_nothing()
        assert (await other.hear())["seq"] == 1


async def test_another_house_closes_the_old_room(house: House) -> None:
    async with talking(house, "ada") as talk:
        await talk.join("kitchen:a")
        ada = house.people["ada"]
        house.people["ada"] = Principal(
            kind=ada.kind, id=ada.id, role=ada.role, house_ids=frozenset({"b"})
        )
        house.live.rooms.hub.control(ada.kind, str(ada.id))
        assert (await talk.hear())["refused"] == "kitchen:a"
        assert (await talk.join("kitchen:b"))["joined"] == "kitchen:b"


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "nonsense",
        '{"join": {"topic": ""}}',
        '{"join": {"topic": "a", "since": -1}}',
        '{"join": {"topic": "' + "a" * 5_000 + '"}}',
    ],
)
async def test_nonsense_ends_the_connection(house: House, text: str) -> None:
    async with talking(house, "ada") as talk:
        await talk.socket.send(text)
        with pytest.raises(ConnectionClosed):
            await talk.hear()


async def test_chatter_ends_the_connection(house: House) -> None:
    async with talking(house, "ada") as talk:
        with pytest.raises(ConnectionClosed):  # noqa: PT012  # the end may meet a send or a receive
            for number in range(200):
                await talk.say(pong=number)
            await talk.hear()


async def test_enough_topics_are_enough(house: House) -> None:
    async with talking(house, "mia") as talk:
        answers = [await talk.join(f"kitchen:{number}") for number in range(33)]
    assert ["joined" in answer for answer in answers] == [True] * 32 + [False]
    assert answers[-1]["code"] == "TooManyTopics"


async def test_away_and_back_again_misses_nothing(house: House) -> None:
    """O2: clients drop at random while the kitchen goes on, and none lacks a message.

    Being sent away is one more drop: a busy database has the server say "try later", and a page
    comes back then.
    """
    chance, clients, rounds, drops = random.Random(11), 20, 50, 0
    known = dict.fromkeys(range(clients), 0)
    heard: dict[int, list[int]] = {client: [] for client in known}

    async def follow(client: int, messages: int) -> None:
        with contextlib.suppress(ConnectionClosed):
            async with talking(house, "ada") as talk:
                assert "joined" in await talk.join("kitchen:a", since=known[client])
                for _ in range(min(messages, told - known[client])):
                    known[client] = (await talk.hear())["seq"]
                    heard[client].append(known[client])

    told = 0
    for _ in range(rounds):
        for _ in range(chance.randint(1, 6)):
            await house.tell("kitchen:a")
            told += 1
        await asyncio.gather(*(follow(client, chance.randint(0, 6)) for client in known))
        drops += clients
    for _ in range(MAY_BE_SENT_AWAY):
        await asyncio.gather(*(follow(client, told) for client in known if known[client] < told))
    assert all(seqs == list(range(1, told + 1)) for seqs in heard.values())
    print(f"O2: {drops} drops on {clients} clients, all {told} messages heard once by each")


async def test_the_interval_is_the_one_that_was_set(house: House) -> None:
    assert house.live.rooms.beat_seconds == BEAT_SECONDS


async def test_a_reader_that_stops_hears_all_in_order_up_to_its_resync(house: House) -> None:
    """The sockets' buffers fill, then the queue does, and what is left out is said to be."""
    hub, told, bulk = house.live.rooms.hub, 1_200, "x" * 40_000
    async with talking(house, "ada") as talk, talking(house, "mia") as quick:
        await talk.join("kitchen:a")
        await quick.join("kitchen:a")
        talk.socket.transport.pause_reading()
        for seq in range(1, told + 1):
            hub.publish(Message("kitchen:a", seq, "said", {"bulk": bulk}))
            assert (await quick.hear())["seq"] == seq
        talk.socket.transport.resume_reading()
        seqs = []
        while "resync" not in (heard := await talk.hear()):
            seqs.append(heard["seq"])
        assert seqs == list(range(1, len(seqs) + 1))
        assert heard == {"resync": "kitchen:a", "seq": told}
        hub.publish(Message("kitchen:a", told + 1, "said", {}))
        assert (await talk.hear())["seq"] == told + 1
