"""Why a session does not let somebody do something."""

from __future__ import annotations

from basis.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated


class NoSuchSession(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such session here. Ask for a challenge.")


class SessionOver(Unauthenticated):
    def __init__(self) -> None:
        super().__init__("This session is over. Ask for a challenge and sign it.")


class NotBound(Unauthenticated):
    def __init__(self) -> None:
        super().__init__("This session is nobody's yet. Sign its challenge first.")


class NotYourSession(Forbidden):
    def __init__(self) -> None:
        super().__init__("Another key holds this session. Whoever has its id has nothing.")


class ChallengeWrong(Forbidden):
    def __init__(self) -> None:
        super().__init__("This is not the challenge of that session.")


class BoundBefore(Conflict):
    def __init__(self) -> None:
        super().__init__("This session is bound already. Ask for another challenge.")


class LimitsUnfit(Invalid):
    """A session lasts for a while, and not too long."""


class OverLimit(Forbidden):
    """More than the key allowed its session."""


class TooManySessions(TooMany):
    def __init__(self, retry_after: int) -> None:
        super().__init__(
            "Your address has as many sessions as anybody may. End one, or wait.",
            retry_after=retry_after,
        )
