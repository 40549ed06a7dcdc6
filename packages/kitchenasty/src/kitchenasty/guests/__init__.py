"""Guests with an account: registration, sign-in, and where to reach them."""

from kitchenasty.guests.service import (
    EmailTaken,
    Guest,
    GuestDetailsRefused,
    GuestNotFound,
    NewGuest,
    find_account,
    find_principal,
    keep_push_token,
    load_guest,
    register_guest,
)

__all__ = [
    "EmailTaken",
    "Guest",
    "GuestDetailsRefused",
    "GuestNotFound",
    "NewGuest",
    "find_account",
    "find_principal",
    "keep_push_token",
    "load_guest",
    "register_guest",
]
