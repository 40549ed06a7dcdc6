"""Messages that phones show while no page is open: who is told about what, sent by jobs. Others use
only these names.
"""

from kitchenasty.push.service import (
    EndpointRefused,
    Phone,
    PushDraft,
    TooManyFollow,
    follow,
    follow_account,
    follows,
    forget_phone,
    is_any_followed,
    leave,
    send_push,
)
from kitchenasty.push.states import About, Subject, Way
from kitchenasty.push.words import PushWords, PushWriter

__all__ = [
    "About",
    "EndpointRefused",
    "Phone",
    "PushDraft",
    "PushWords",
    "PushWriter",
    "Subject",
    "TooManyFollow",
    "Way",
    "follow",
    "follow_account",
    "follows",
    "forget_phone",
    "is_any_followed",
    "leave",
    "send_push",
]
