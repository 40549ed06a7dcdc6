"""Guests with an account: registration, sign-in, and where to reach them."""

from kitchenasty.guests.service import (
    AddressInUse,
    Guest,
    GuestDetailsRefused,
    GuestNotFound,
    NewGuest,
    change_profile,
    confirm_address,
    find_accounts,
    find_own_account,
    find_owner_of,
    find_principal,
    forget_mere_claims,
    keep_push_token,
    load_guest,
    register_guest,
    set_password,
)

__all__ = [
    "AddressInUse",
    "Guest",
    "GuestDetailsRefused",
    "GuestNotFound",
    "NewGuest",
    "change_profile",
    "confirm_address",
    "find_accounts",
    "find_own_account",
    "find_owner_of",
    "find_principal",
    "forget_mere_claims",
    "keep_push_token",
    "load_guest",
    "register_guest",
    "set_password",
]
