"""What a node and the control plane say to each other: one JSON text each, told apart by `kind`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orca.edge import EdgeOrders
from orca.planning import REASON_LENGTH_MAX, Report, Route, Run
from orca.scheduling import CopyId

BYTES_MAX = 16_000_000
OUTPUT_LENGTH_MAX = 1_000_000
SILENCE_SECONDS_MAX = 10.0
"""Whoever hears nothing for so long lets go of the link: it may be open at this end only."""
BEAT_SECONDS = 1.0
LINES_MAX = 50
LINE_LENGTH_MAX = 300
"""Of a build, in one message."""

Env = Mapping[str, Mapping[str, str]]
"""By the copies the values of their variables, with the secrets in them."""


class Message(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """One of those below."""


class Hello(Message, frozen=True, tag="hello"):
    """The first word of a node: what it has."""

    cpu_milli: Annotated[int, Meta(ge=0, le=10_000_000)]
    memory_bytes: Annotated[int, Meta(ge=0, le=1 << 50)]


class Obeyed(msgspec.Struct, frozen=True):
    """What the proxy of a node does: the digest of its orders, and what is wrong in words."""

    digest: Annotated[str, Meta(max_length=64)] = ""
    trouble: Annotated[str, Meta(max_length=REASON_LENGTH_MAX)] = ""


class Reported(Message, frozen=True, tag="report"):
    report: Report
    edge: Obeyed = Obeyed()


class Answer(Message, frozen=True, tag="answer"):
    """To the question of this number. With `refusal` there is nothing else."""

    number: int
    output: Annotated[str, Meta(max_length=OUTPUT_LENGTH_MAX)] = ""
    code: int = 0
    refusal: Annotated[str, Meta(max_length=REASON_LENGTH_MAX)] = ""


class Said(Message, frozen=True, tag="said"):
    """Lines of the build that was asked for by this number, as they come."""

    number: int
    lines: Annotated[
        tuple[Annotated[str, Meta(max_length=LINE_LENGTH_MAX)], ...], Meta(max_length=LINES_MAX)
    ]


class Renew(Message, frozen=True, tag="renew"):
    """A request for a new certificate, since the one of this link ends before long."""

    request: Annotated[str, Meta(max_length=10_000)]


class Renewed(Message, frozen=True, tag="renewed"):
    """From now on the old certificate is good only until the new one was shown."""

    certificate: str


class ToRun(Message, frozen=True, tag="run"):
    run: Run
    env: Env

    def __repr__(self) -> str:
        return f"ToRun({self.run.node}, {self.run.revision})"


class ToRoute(Message, frozen=True, tag="route"):
    """`edge` is for a node that lets requests in: whole sites, and certificates with their keys."""

    route: Route
    edge: EdgeOrders | None = None

    def __repr__(self) -> str:
        return f"ToRoute({self.route.node}, {self.route.revision})"


class Heard(Message, frozen=True, tag="heard"):
    """The control plane has heard this report. That is its heartbeat."""

    report: int


class Question(Message, frozen=True, tag="question"):
    """About one container: the last lines of its log, or what a command in it says."""

    number: int
    copy: CopyId
    ask: Literal["logs", "execute"]
    tail: int = 100
    command: tuple[str, ...] = ()


class Seek(Message, frozen=True, tag="seek"):
    """Which image this name means now: its digest, or its id where no registry has it."""

    number: int
    image: str


class Discard(Message, frozen=True, tag="discard"):
    """Volumes of a service that was removed are given up; each with its slot, if it has one."""

    number: int
    service: str
    volumes: tuple[tuple[str, int | None], ...]


class Make(Message, frozen=True, tag="make"):
    """An image of this context, by the engine's own builder: its id. `name` is the digest of the
    build; with `is_fresh` nothing of an earlier one is taken.
    """

    number: int
    name: str
    context: str
    dockerfile: str
    args: Mapping[str, str]
    is_fresh: bool = False


class Hand(Message, frozen=True, tag="hand"):
    """The image of this id is to be brought to the control plane, for another node."""

    number: int
    image: str


Asked = Question | Seek | Discard | Make | Hand
FromNode = Hello | Reported | Answer | Said | Renew
ToNode = ToRun | ToRoute | Heard | Renewed | Question | Seek | Discard | Make | Hand


def encode(message: FromNode | ToNode) -> str:
    return msgspec.json.encode(message).decode()


def read_from_node(text: str) -> FromNode:
    """Raises msgspec.DecodeError."""
    message: FromNode = msgspec.json.decode(text, type=FromNode)
    return message


def read_to_node(text: str) -> ToNode:
    """Raises msgspec.DecodeError."""
    message: ToNode = msgspec.json.decode(text, type=ToNode)
    return message
