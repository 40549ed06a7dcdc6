"""Secrets that are for one receiver alone. Pure.

Whoever may change settings does not see the secrets that are kept. If they could name another
receiver for a kept secret, they would only have to listen there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from basis.sentences import word
from kitchenasty.settings.kinds import Value

TYPE_AGAIN = word("It was given to another receiver. Please type it again for the new one.")
Found = tuple[Value, str]
"""A value, and where it comes from: `saved`, `environment` or `default`."""


@dataclass(frozen=True, slots=True)
class Bond:
    """`receiver` says of all values of a group who is sent the `secret`, None for nobody yet;
    `named_by` are the settings that it looks at.
    """

    secret: str
    receiver: Callable[[Mapping[str, Value]], object]
    named_by: tuple[str, ...]

    def is_kept(
        self, before: Mapping[str, Found], after: Mapping[str, Found], typed: Collection[str]
    ) -> bool:
        """Whether nobody is sent a secret that somebody else was trusted with."""
        secret, source = after[self.secret]
        receiver = self.receiver(plain(after))
        if not secret or receiver is None or self.secret in typed:
            return True
        if before[self.secret] == after[self.secret] and receiver == self.receiver(plain(before)):
            return True
        # Whoever started the server gave both.
        return source == "environment" and all(after[name][1] != "saved" for name in self.named_by)


def plain(found: Mapping[str, Found]) -> dict[str, Value]:
    return {name: value for name, (value, _) in found.items()}
