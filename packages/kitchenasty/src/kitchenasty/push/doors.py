"""The doors of messages to phones, for the composition root."""

from kitchenasty.push.jobs import REGULAR, sending
from kitchenasty.push.routes import PushDoors

__all__ = ["REGULAR", "PushDoors", "sending"]
