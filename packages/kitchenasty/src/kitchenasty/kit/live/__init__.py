"""What happens now, on the screens that may see it: topics, rooms, and two doors to them."""

from kitchenasty.kit.live.announcer import REVOCATIONS, Announcer
from kitchenasty.kit.live.connection import Rooms
from kitchenasty.kit.live.gate import Gate, Rule
from kitchenasty.kit.live.hub import Hub
from kitchenasty.kit.live.log import (
    DatabaseJournal,
    Told,
    append,
    append_all,
    forget_old_messages,
    head_of,
    write_pulse,
)
from kitchenasty.kit.live.messages import Message
from kitchenasty.kit.live.setup import Live, Slices, create_live, no_houses

__all__ = [
    "REVOCATIONS",
    "Announcer",
    "DatabaseJournal",
    "Gate",
    "Hub",
    "Live",
    "Message",
    "Rooms",
    "Rule",
    "Slices",
    "Told",
    "append",
    "append_all",
    "create_live",
    "forget_old_messages",
    "head_of",
    "no_houses",
    "write_pulse",
]
