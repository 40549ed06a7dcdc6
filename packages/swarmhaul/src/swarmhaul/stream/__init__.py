"""What happens, in one order and with one number each, for everybody who wants to follow."""

from swarmhaul.stream.following import Bell, follow
from swarmhaul.stream.service import (
    LIMIT_MAX,
    EventsForgotten,
    StreamMessage,
    count_messages,
    forget_old_messages,
    forgotten_before,
    keep,
    list_messages,
)

__all__ = [
    "LIMIT_MAX",
    "Bell",
    "EventsForgotten",
    "StreamMessage",
    "count_messages",
    "follow",
    "forget_old_messages",
    "forgotten_before",
    "keep",
    "list_messages",
]
