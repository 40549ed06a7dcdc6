"""The tools of a market for a program on this machine, over standard input and output: a thin
client of the public doors, which signs by itself where it was given a key.
"""

from swarmhaul.bridge.carrying import carry_signing_tools, carry_tools
from swarmhaul.bridge.desk import Desk
from swarmhaul.bridge.keyed import KeyedDesk
from swarmhaul.bridge.purse import OverLimit, SigningLimits

__all__ = [
    "Desk",
    "KeyedDesk",
    "OverLimit",
    "SigningLimits",
    "carry_signing_tools",
    "carry_tools",
]
