"""What runs on every node: obeys levels by an engine, and says what it sees."""

from orca.agent.agent import Agent
from orca.agent.edging import Edging, Told
from orca.agent.living import live
from orca.agent.remembering import OrdersFile
from orca.agent.talking import LinkLost, Talk

__all__ = ["Agent", "Edging", "LinkLost", "OrdersFile", "Talk", "Told", "live"]
