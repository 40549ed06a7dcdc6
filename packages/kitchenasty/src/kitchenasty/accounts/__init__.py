"""Coming in and going out: sign-in, registration, set-up, new passwords, and who holds a token."""

from kitchenasty.accounts.known import CurrentPasswordWrong, check_current
from kitchenasty.accounts.links import forget_old_links
from kitchenasty.accounts.moving import ask_to_move, move
from kitchenasty.accounts.places import end_every_place, end_other_places, end_place
from kitchenasty.accounts.recovery import (
    ask_again,
    ask_for_reset,
    change_password,
    confirm,
    reset_password,
)
from kitchenasty.accounts.second_step import sign_in
from kitchenasty.accounts.service import (
    SignedIn,
    begin,
    join_staff,
    note_use,
    recognise,
    register_guest,
    register_member,
    set_up,
    sign_out,
)
from kitchenasty.accounts.staff_password import change_staff_password, reset_staff_password

__all__ = [
    "CurrentPasswordWrong",
    "SignedIn",
    "ask_again",
    "ask_for_reset",
    "ask_to_move",
    "begin",
    "change_password",
    "change_staff_password",
    "check_current",
    "confirm",
    "end_every_place",
    "end_other_places",
    "end_place",
    "forget_old_links",
    "join_staff",
    "move",
    "note_use",
    "recognise",
    "register_guest",
    "register_member",
    "reset_password",
    "reset_staff_password",
    "set_up",
    "sign_in",
    "sign_out",
]
