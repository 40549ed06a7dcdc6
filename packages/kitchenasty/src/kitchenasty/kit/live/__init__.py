"""What happens now, on the screens that may see it: topics, rooms, and two doors to them."""

from kitchenasty.kit.live.announcer import REVOCATIONS, Announcer
from kitchenasty.kit.live.connection import Rooms
from kitchenasty.kit.live.door import follow_live
from kitchenasty.kit.live.gate import Gate, Rule
from kitchenasty.kit.live.hub import Hub
from kitchenasty.kit.live.log import DatabaseJournal, append, forget_old_messages, head_of
from kitchenasty.kit.live.messages import Message
from kitchenasty.kit.live.socketio_door import SocketIoDoor, Translation

__all__ = [
    "REVOCATIONS",
    "Announcer",
    "DatabaseJournal",
    "Gate",
    "Hub",
    "Message",
    "Rooms",
    "Rule",
    "SocketIoDoor",
    "Translation",
    "append",
    "follow_live",
    "forget_old_messages",
    "head_of",
]
