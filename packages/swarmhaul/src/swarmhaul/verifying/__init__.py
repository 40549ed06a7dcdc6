"""Whether a market did what it says: its rail's log, its money and its awards, done again here from
what others signed.
"""

from swarmhaul.verifying.evidence import Evidence, Finding, Taken
from swarmhaul.verifying.gathering import gather_folder, gather_url
from swarmhaul.verifying.rail import Replay
from swarmhaul.verifying.report import Report, verify

__all__ = [
    "Evidence",
    "Finding",
    "Replay",
    "Report",
    "Taken",
    "gather_folder",
    "gather_url",
    "verify",
]
