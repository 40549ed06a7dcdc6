"""The rail on which our own program runs, by itself and without a network."""

from swarmhaul.svm.messages import message_of
from swarmhaul.svm.rail import (
    ChainBroken,
    identity_of,
    last_signature,
    open_svm,
    signature_in,
    smallest_balance,
)

__all__ = [
    "ChainBroken",
    "identity_of",
    "last_signature",
    "message_of",
    "open_svm",
    "signature_in",
    "smallest_balance",
]
