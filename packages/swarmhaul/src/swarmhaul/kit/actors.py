"""Who acts: whoever holds a key, or nobody in particular. There are no accounts and no roles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`key` is the signer of the statement that is carried out; None for the market itself."""

    key: str | None = None

    @property
    def label(self) -> str:
        """For logs and events: a key is public."""
        return self.key or "MARKET"


MARKET = Actor()
