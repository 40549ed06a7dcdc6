"""The WebSocket at `/live` for our own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from kitchenasty.kit.http import csrf
from kitchenasty.kit.http.access import Access, access, credentials_of, identify
from kitchenasty.kit.live.connection import CLOSE_POLICY, LiveConnection, Rooms
from kitchenasty.kit.live.hub import Subscriber
from kitchenasty.kit.live.sockets import WRITE_NOW
from kitchenasty.kit.principals import ANONYMOUS, Principal

Socket = WebSocket[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class SocketWire:
    socket: Socket

    async def receive(self) -> str | None:
        """Texts only; a client that sends bytes or is gone gives None."""
        try:
            event = await self.socket.receive()
        except (WebSocketDisconnect, RuntimeError):
            return None
        text = event.get("text") if event["type"] == "websocket.receive" else None
        return text if isinstance(text, str) else None

    async def send(self, text: bytes) -> None:
        await self.socket.send_data(text.decode(), mode="text")

    async def close(self, code: int) -> None:
        await self.socket.close(code=code)


@websocket("/live", opt=access(Access.PUBLIC))
async def follow_live(socket: Socket) -> None:
    """Open to everybody; each room asks for its own proof."""
    if not comes_from_our_page(socket):
        await socket.close(code=CLOSE_POLICY)
        return
    rooms: Rooms = socket.app.state.rooms
    principal = await identify(socket)
    await socket.accept()

    async def recognise_again() -> Principal:
        return await recognise_now(socket)

    lent = cast("dict[str, Any]", socket.scope["extensions"] or {})
    queue = Subscriber(write_now=lent.get(WRITE_NOW))
    await LiveConnection(rooms, SocketWire(socket), recognise_again, principal, queue).run()


def comes_from_our_page(socket: Socket) -> bool:
    headers = socket.headers
    approach = csrf.Approach(
        method="GET",
        host=headers.get("host", ""),
        origin=headers.get("origin"),
        sec_fetch_site=headers.get("sec-fetch-site"),
        has_cookies="cookie" in headers,
    )
    return csrf.may_open_socket(approach, public_url=socket.app.state.config.public_url)


async def recognise_now(socket: Socket) -> Principal:
    """Past what the handshake found out: the session may have ended since."""
    token, door = credentials_of(socket)
    if token is None:
        return ANONYMOUS
    async with socket.app.state.books.reading() as look:
        principal: Principal | None = await socket.app.state.recognise(look, token, door)
    return principal or ANONYMOUS
