"""What goes over `/live`: small JSON texts, each encoded once for all who get it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from websockets.frames import Frame, Opcode

TOPIC_LENGTH_MAX = 80
CAPABILITY_LENGTH_MAX = 200
SEQ_MAX = 2**53 - 1  # what a browser counts exactly


@dataclass(frozen=True, slots=True)
class Message:
    """A fact on a topic. `seq` counts the topic's messages from 1 without gaps."""

    topic: str
    seq: int
    name: str
    body: dict[str, Any]


class Join(msgspec.Struct):
    """`since` is the last seq the client knows; without it nothing is replayed."""

    topic: str
    capability: str | None = None
    since: int | None = None


class Heard(msgspec.Struct):
    """What a client says; exactly one field is set."""

    join: Join | None = None
    leave: str | None = None
    pong: int | None = None


DECODER = msgspec.json.Decoder(Heard)


def is_sound(heard: Heard) -> bool:
    """Tell whether the fields are within their bounds."""
    if heard.join is None:
        return heard.leave is None or len(heard.leave) <= TOPIC_LENGTH_MAX
    join = heard.join
    return (
        0 < len(join.topic) <= TOPIC_LENGTH_MAX
        and len(join.capability or "") <= CAPABILITY_LENGTH_MAX
        and 0 <= (join.since or 0) <= SEQ_MAX
    )


def encode_message(message: Message) -> bytes:
    return msgspec.json.encode(message)


def encode_joined(topic: str, seq: int) -> bytes:
    return msgspec.json.encode({"joined": topic, "seq": seq})


def encode_refused(topic: str, code: str, sentence: str) -> bytes:
    return msgspec.json.encode({"refused": topic, "code": code, "error": sentence})


def encode_resync(topic: str, seq: int) -> bytes:
    return msgspec.json.encode({"resync": topic, "seq": seq})


def encode_beat(number: int, at: datetime) -> bytes:
    return msgspec.json.encode({"beat": number, "at": at})


def frame_of(text: bytes) -> bytes:
    """The one WebSocket frame in which a server sends this text."""
    return Frame(Opcode.TEXT, text).serialize(mask=False)
