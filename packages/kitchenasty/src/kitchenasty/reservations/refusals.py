"""Why a reservation stays as it is, in words."""

from __future__ import annotations

from basis.errors import Conflict
from basis.sentences import Sentence


class TableInTheWay(Conflict):
    """A table is kept for somebody else; the sentence says for whom and when."""


class TooLateToChange(Conflict):
    def __init__(self, phone: str | None) -> None:
        words = "It is too late to change this here. Please call us."
        super().__init__(
            Sentence.of("It is too late to change this here. Please call us: {phone}.", phone=phone)
            if phone
            else words
        )


class SomebodyChangedIt(Conflict):
    def __init__(self) -> None:
        super().__init__("Somebody changed this reservation meanwhile. Please look again.")
