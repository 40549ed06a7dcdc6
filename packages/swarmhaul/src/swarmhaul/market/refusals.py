"""Why the market says no."""

from __future__ import annotations

from basis.errors import Conflict, Forbidden, Invalid, NotFound


class NoSuchJob(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such job here.")


class NoSuchBid(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such bid, or it is not yours.")


class TermsUnfit(Invalid):
    """What was signed does not say what it should."""


class JobUnfit(Invalid):
    """A job that nobody could carry, or whose times do not fit."""


class OpeningUnfit(Invalid):
    """The command that locks the budget is for something else than the job says."""


class CommandUnreadable(Invalid):
    """What came is no command of a rail."""


class ListedBefore(Conflict):
    def __init__(self) -> None:
        super().__init__("You have listed a job of this id already. Take another id.")


class BidsClosed(Conflict):
    def __init__(self) -> None:
        super().__init__("This job takes no bids: not yet, or not any more.")


class OwnJob(Forbidden):
    def __init__(self) -> None:
        super().__init__("Who ships, coordinates or rules does not carry the same job.")


class OtherBid(Conflict):
    def __init__(self) -> None:
        super().__init__("This withdrawal names other bytes than those of the bid.")


class BidBound(Conflict):
    def __init__(self) -> None:
        super().__init__("The window has closed: this bid stands, or was withdrawn before.")
