"""Guests who come in by an account they have elsewhere: Google, or any OpenID Connect provider."""

from kitchenasty.openid.checking import try_provider
from kitchenasty.openid.entering import BACK
from kitchenasty.openid.terms import OPENID, NotOffered, NotSetUp, Terms, find_label, find_terms
from kitchenasty.openid.trips import forget_old_trips

__all__ = [
    "BACK",
    "OPENID",
    "NotOffered",
    "NotSetUp",
    "Terms",
    "find_label",
    "find_terms",
    "forget_old_trips",
    "try_provider",
]
