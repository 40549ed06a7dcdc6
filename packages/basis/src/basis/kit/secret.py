"""Text that must not be seen by accident."""


class Secret(str):
    """Its repr hides it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "***"
