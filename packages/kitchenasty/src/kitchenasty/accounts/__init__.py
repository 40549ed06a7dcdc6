"""Coming in and going out: sign-in, registration, set-up, and who holds a token."""

from kitchenasty.accounts.service import (
    SignedIn,
    recognise,
    register_guest,
    register_member,
    set_up,
    sign_in,
    sign_out,
)

__all__ = [
    "SignedIn",
    "recognise",
    "register_guest",
    "register_member",
    "set_up",
    "sign_in",
    "sign_out",
]
