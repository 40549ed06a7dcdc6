"""What became of a rule that was asked, and of what it did."""

from __future__ import annotations

from enum import StrEnum

from basis.sentences import word


class Outcome(StrEnum):
    """ACTED: the condition held. NO: it did not. UNKNOWN: a fact was missing to tell. CUT: it held,
    and rules have set off rules too often in a row. UNREADABLE: the rule cannot be read.
    """

    ACTED = "ACTED"
    NO = "NO"
    UNKNOWN = "UNKNOWN"
    CUT = "CUT"
    UNREADABLE = "UNREADABLE"


class EffectState(StrEnum):
    """REFUSED: it could not be done, and why is said."""

    DONE = "DONE"
    REFUSED = "REFUSED"


OUTCOME_WORDS = {
    Outcome.ACTED: (word("Acted"), "ok"),
    Outcome.NO: (word("Did not apply"), ""),
    Outcome.UNKNOWN: (word("Could not tell"), "warn"),
    Outcome.CUT: (word("Stopped: rules set each other off"), "bad"),
    Outcome.UNREADABLE: (word("Cannot be read"), "bad"),
}
