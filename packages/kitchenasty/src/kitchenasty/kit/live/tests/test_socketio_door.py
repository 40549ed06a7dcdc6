"""Socket.IO with the official client: the rooms of the contract, and nothing without proof."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import socketio
import websockets

from kitchenasty.kit.live import short_queue
from kitchenasty.kit.live.tests.house import CAPABILITY, House

NOT_HEARD_SECONDS = 0.3
TOLD = 25
WITHIN_SECONDS = 30  # only a failure waits so long, also on a busy machine


class Phone:
    def __init__(self, client: socketio.AsyncClient) -> None:
        self.client = client
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        client.on("*", self._keep)

    async def _keep(self, event: str, payload: Any) -> None:
        self.heard.put_nowait((event, payload))

    async def ask(self, event: str, what: Any = None) -> dict[str, Any]:
        answer: dict[str, Any] = await self.client.call(event, what, timeout=WITHIN_SECONDS)
        return answer

    async def hears(self) -> tuple[str, Any]:
        return await asyncio.wait_for(self.heard.get(), WITHIN_SECONDS)

    async def hears_nothing(self) -> bool:
        try:
            await asyncio.wait_for(self.heard.get(), NOT_HEARD_SECONDS)
        except TimeoutError:
            return True
        return False


@contextlib.asynccontextmanager
async def calling(
    house: House, *, transport: str = "websocket", **more: Any
) -> AsyncIterator[Phone]:
    client = socketio.AsyncClient(reconnection=False)
    phone = Phone(client)
    await client.connect(
        f"http://127.0.0.1:{house.port}",
        transports=[transport],
        wait_timeout=WITHIN_SECONDS,
        **more,
    )
    try:
        yield phone
    finally:
        await client.disconnect()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_staff_hear_the_kitchens_of_their_houses(house: House, transport: str) -> None:
    async with calling(house, transport=transport, auth={"token": "ada"}) as phone:
        assert await phone.ask("join:kitchen") == {"ok": True}
        await house.tell("kitchen:b", "new", id="2")
        await house.tell("kitchen:a", "new", id="1", orderNumber="7")
        assert await phone.hears() == ("order:new", {"id": "1", "orderNumber": "7"})
        await phone.ask("leave:kitchen")
        await house.tell("kitchen:a", "new", id="3")
        assert await phone.hears_nothing()


async def test_the_header_and_our_cookie_are_proof_too(house: House) -> None:
    async with calling(house, headers={"Authorization": "Bearer ada"}) as phone:
        assert (await phone.ask("join:kitchen", "a"))["ok"]
    async with calling(house, headers={"Cookie": "session=ada"}) as phone:
        assert not (await phone.ask("join:kitchen", "a"))["ok"]  # from nowhere: no page of ours
    ours = {"Cookie": "session=ada", "Origin": f"http://127.0.0.1:{house.port}"}
    async with calling(house, headers=ours) as phone:
        assert (await phone.ask("join:kitchen", "a"))["ok"]


@pytest.mark.parametrize("token", [None, "gus", "guess", "bob"])
async def test_strangers_get_no_kitchen(house: House, token: str | None) -> None:
    async with calling(house, auth={"token": token} if token else None) as phone:
        refusal = await phone.ask("join:kitchen", "a")
        assert (refusal["ok"], refusal["code"]) == (False, "NotAllowed")
        assert (await phone.hears())[0] == "join:refused"
        await house.tell("kitchen:a", "new", id="1")
        assert await phone.hears_nothing()


async def test_an_id_is_no_proof_and_a_capability_opens_only_its_own(house: House) -> None:
    async with calling(house) as phone:
        assert not (await phone.ask("join:order", "1"))["ok"]
        assert not (await phone.ask("join:order", {"id": "2", "capability": CAPABILITY}))["ok"]
        assert not (await phone.ask("join:order", {"id": 1}))["ok"]
        assert not (await phone.ask("join:order", ["1"]))["ok"]
        while not phone.heard.empty():
            phone.heard.get_nowait()
        assert (await phone.ask("join:order", {"id": "1", "token": CAPABILITY}))["ok"]
        await house.tell("order:2", "statusUpdate", id="2")
        await house.tell("order:1", "statusUpdate", id="1", status="READY")
        assert await phone.hears() == ("order:statusUpdate", {"id": "1", "status": "READY"})


async def test_an_owner_follows_their_order_by_its_id(house: House) -> None:
    async with calling(house, auth={"token": "gus"}) as phone:
        assert (await phone.ask("join:order", "1"))["ok"]
        await phone.ask("leave:order", "1")
        await house.tell("order:1", "statusUpdate", id="1")
        assert await phone.hears_nothing()


async def test_who_does_not_read_is_sent_away_and_holds_nobody_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told is more than all buffers on the way to the deaf one take."""
    monkeypatch.setattr(short_queue, "WAITING_MAX", 8)
    door, most = house.live.socket_io, 0
    async with calling(house, auth={"token": "ada"}) as phone, follow_and_read_nothing(house):
        await phone.ask("join:kitchen", "a")
        assert door.clients == 2
        for number in range(TOLD):
            await house.tell("kitchen:a", "new", id=str(number), note="x" * 900_000)
            assert (await phone.hears())[1]["id"] == str(number)
            waiting = [one.queue.qsize() for one in door.server.eio.sockets.values()]
            most = max([most, *waiting])
        async with asyncio.timeout(WITHIN_SECONDS * 4):
            while door.clients == 2:  # noqa: ASYNC110  # the library tells nobody
                await asyncio.sleep(0.05)
        assert phone.client.connected
    assert 2 <= most <= 8


@contextlib.asynccontextmanager
async def follow_and_read_nothing(house: House) -> AsyncIterator[None]:
    """A client of the kitchen whose socket takes no more than its smallest buffer holds."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", house.port))
    url = f"ws://127.0.0.1:{house.port}/socket.io/?EIO=4&transport=websocket"
    async with websockets.connect(
        url, sock=line, max_queue=1, compression=None, ping_interval=None, close_timeout=0
    ) as wire:
        await wire.recv()
        await wire.send('40{"token":"ada"}')
        await wire.recv()
        await wire.send('420["join:kitchen","a"]')
        await wire.recv()
        yield


async def test_lost_rights_close_the_room(house: House) -> None:
    async with calling(house, auth={"token": "ada"}) as phone:
        await phone.ask("join:kitchen")
        ada = house.people.pop("ada")
        house.live.rooms.hub.control(ada.kind, str(ada.id))
        assert (await asyncio.wait_for(phone.heard.get(), 1))[0] == "join:refused"
        await house.tell("kitchen:a", "new", id="1")
        assert await phone.hears_nothing()
