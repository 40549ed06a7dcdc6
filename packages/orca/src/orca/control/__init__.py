"""The control plane: what is wished and seen is decided one after the other, kept, and told."""

from orca.control.control import Control
from orca.control.jobs import Job, Outcome
from orca.control.listening import Listener
from orca.control.nodes import Links, Members
from orca.control.seeking import Seeker

__all__ = ["Control", "Job", "Links", "Listener", "Members", "Outcome", "Seeker"]
