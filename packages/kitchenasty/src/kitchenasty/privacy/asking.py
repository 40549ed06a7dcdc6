"""Who asks for their own data."""

from __future__ import annotations

from kitchenasty.kit.http.access import SignInNeeded
from kitchenasty.kit.principals import Principal


def id_of(principal: Principal) -> str:
    """Raises SignInNeeded."""
    if principal.id is None:
        raise SignInNeeded("Authentication required")
    return principal.id
