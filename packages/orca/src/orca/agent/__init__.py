"""What runs on every node: obeys levels by an engine, and says what it sees."""

from orca.agent.agent import Agent
from orca.agent.building import Builds
from orca.agent.carrying import Carrier
from orca.agent.edging import Edging, Told
from orca.agent.living import live
from orca.agent.remembering import OrdersFile
from orca.agent.talking import LinkLost, Talk
from orca.agent.watching import BACK_WITHIN_SECS

__all__ = [
    "BACK_WITHIN_SECS", "Agent", "Builds", "Carrier", "Edging", "LinkLost", "OrdersFile", "Talk",
    "Told", "live",
]  # fmt: skip
