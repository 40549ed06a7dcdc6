"""The control plane's API: who may enter which door, what is refused and how, one description."""

from basis.kit.http.doors import AnyRequest, doors_of
from orca.api.app import create_app, join_doors
from orca.api.guarding import check_declared, needs, principal_of

__all__ = [
    "AnyRequest", "check_declared", "create_app", "doors_of", "join_doors", "needs", "principal_of",
]  # fmt: skip
