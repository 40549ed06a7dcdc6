"""The rail on which our own program runs, by itself and without a network."""

from swarmhaul.svm.messages import message_of
from swarmhaul.svm.rail import ChainBroken, open_svm

__all__ = ["ChainBroken", "message_of", "open_svm"]
