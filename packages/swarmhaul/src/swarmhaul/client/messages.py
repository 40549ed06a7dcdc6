"""What is signed so that a rail takes a command, built here: nobody signs bytes that they were
handed.
"""

from __future__ import annotations

from basis.errors import Invalid
from basis.escrow import Envelope
from basis.kit.signing import read_key
from swarmhaul.client.answers import AboutMarket
from swarmhaul.settlement import LEDGER_UNIT, ledger_message
from swarmhaul.svm import message_of


class RailUnknown(Invalid):
    """A market with a rail that we cannot sign for."""


def message_on(about: AboutMarket, envelope: Envelope) -> bytes:
    """Raises RailUnknown."""
    treasury = read_key(about.treasury)
    if about.rail == "svm":
        return bytes(message_of(envelope, treasury))
    if about.rail == "ledger":
        return ledger_message(
            envelope, treasury=treasury, unit=LEDGER_UNIT, wallet_min=about.wallet_min
        )
    raise RailUnknown(f"This market settles on {about.rail}, for which we know no messages.")
