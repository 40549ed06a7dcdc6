"""The state as it is stored: everything in it, and nothing that is not in it."""

from __future__ import annotations

import msgspec

from orca.planning.states import State


def dump(state: State) -> bytes:
    return msgspec.json.encode(state)


def load(stored: bytes) -> State:
    return msgspec.json.decode(stored, type=State)
