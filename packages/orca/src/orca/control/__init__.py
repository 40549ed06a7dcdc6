"""The control plane: what is wished and seen is decided one after the other, kept, and told."""

from orca.control.building import Builder
from orca.control.certifying import Certifying
from orca.control.control import Control
from orca.control.depot import Depot, open_depot
from orca.control.edges import Ground
from orca.control.jobs import Job
from orca.control.listening import Listener
from orca.control.nodes import Links, Members
from orca.control.outcomes import Outcome
from orca.control.seeking import Seeker
from orca.control.settling import Settled

__all__ = [
    "Builder", "Certifying", "Control", "Depot", "Ground", "Job", "Links", "Listener", "Members",
    "Outcome", "Seeker", "Settled", "open_depot",
]  # fmt: skip
