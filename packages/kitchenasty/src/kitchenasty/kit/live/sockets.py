"""WebSockets that take a ready frame at once, without a task, an event or a framework between.

The server's own way of sending makes a coroutine, an event and a frame for each socket. A message
to a room is the same bytes for everybody in it, so they are made once and only written here.
"""

from __future__ import annotations

from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

WRITE_NOW = "kitchenasty.write_now"
"""The key among the scope's extensions of a `hub.WriteNow`."""


class PromptProtocol(WebSocketsSansIOProtocol):
    """A WebSocket as uvicorn speaks it, which lends its application the way to the wire."""

    async def run_asgi(self) -> None:
        lent = cast("dict[str, Any]", self.scope["extensions"])
        lent[WRITE_NOW] = self.write_now
        await super().run_asgi()

    def write_now(self, frames: bytes) -> bool:
        """Write frames made by `frame_of`, unless what was written before still waits."""
        is_open = self.handshake_complete and not self.close_sent and not self.disconnected
        if not is_open or not self.writable.is_set() or self.transport.is_closing():
            return False
        self.transport.write(frames)
        return True
