"""What the rules of a house say no to."""

from __future__ import annotations

from basis.errors import Conflict, Invalid


class SlugTaken(Conflict):
    """Another house has this slug."""


class HouseRefused(Invalid):
    """A field of the house does not fit; the sentence says which."""


class HouseInUse(Conflict):
    """Something refers to the house, so it stays."""
