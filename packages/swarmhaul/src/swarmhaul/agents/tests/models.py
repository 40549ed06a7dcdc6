"""A twin of an endpoint that speaks OpenAI's chat completions: a real server on loopback that says
what it is told to say, or misbehaves as such servers do.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Model:
    """`says` makes the raw answer from the request's body; None: it never answers."""

    says: Callable[[dict[str, Any]], bytes | None]
    heard: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = json.loads(await reader.readexactly(int(fields["content-length"])))
        self.heard.append(body)
        self.keys.append(fields["authorization"])
        answer = self.says(body)
        if answer is None:
            await reader.read()  # until the other side has had enough
        else:
            writer.write(answer)
            await writer.drain()


@asynccontextmanager
async def serving(says: Callable[[dict[str, Any]], bytes | None]) -> AsyncIterator[Model]:
    """Everything that it began has come to an end when the block does."""
    model, calls = Model(says), set[asyncio.Task[None]]()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await model.serve(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.add(asyncio.create_task(take(reader, writer)))

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        model.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        yield model
        await asyncio.gather(*calls)


def completion(said: str, *, tokens: int | None = 300, status: str = "200 OK") -> bytes:
    answer: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
        ],
    }
    if tokens is not None:
        answer["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": tokens}
    return plain(json.dumps(answer).encode(), status=status)


def plain(body: bytes, *, status: str = "200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n%s" % (status.encode(), len(body), body)
