"""Whose a secret is: a project's, the cluster's, or Orca's own, which nobody is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from basis.errors import Invalid
from orca.spec import LABEL, SECRET_NAME

OWN_NAME = r"[a-z0-9*][a-z0-9._*-]{0,252}"


class BadName(Invalid):
    """A project or a secret that cannot be called so."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where names are looked for. `words` are also what the seal is bound to."""

    words: str
    names: str
    """What a name in it looks like."""

    def key_of(self, name: str) -> str:
        """Where the store keeps it. Raises BadName."""
        if not re.fullmatch(self.names, name):
            raise BadName(
                f"{name[:80]!r} is no name of a secret: letters, digits and underscores, no digit "
                "first, 64 at most."
            )
        return f"{self.prefix}{name}"

    @property
    def prefix(self) -> str:
        return f"secrets/{self.words}/"


CLUSTER = Scope("cluster", SECRET_NAME)
SYSTEM = Scope("system", OWN_NAME)
"""Keys of certificates and the like: no template reaches them, and no list shows them."""


def scope_of(project: str | None) -> Scope:
    """The scope of a project, or of the whole cluster. Raises BadName."""
    if project is None:
        return CLUSTER
    if not re.fullmatch(LABEL, project):
        raise BadName(
            f"{project[:80]!r} is no name of a project: small letters, digits and hyphens, a "
            "letter first, 40 at most."
        )
    return Scope(f"project/{project}", SECRET_NAME)
