"""The tools of a market for a program on this machine, over standard input and output: a thin
client of the public doors.
"""

from swarmhaul.bridge.carrying import carry_tools
from swarmhaul.bridge.desk import Desk

__all__ = ["Desk", "carry_tools"]
