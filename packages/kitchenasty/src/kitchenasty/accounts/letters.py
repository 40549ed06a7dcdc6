"""What the house writes to a guest about an account."""

from __future__ import annotations

from typing import Any

from kitchenasty import guests
from kitchenasty.accounts.links import LINKS
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import Action, Letter, Sender


async def write_confirm(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Please open this link, so that we know that the address is yours."""
    if not await LINKS.is_live(uow, facts["link_id"]):
        return None
    return Letter(
        subject=translate("Please confirm your address"),
        paragraphs=(
            translate("Somebody, most likely you, opened an account with this address."),
            translate(
                "Open the link to confirm that the address is yours. It works for three days."
            ),
        ),
        action=Action(
            translate("Confirm the address"),
            f"{sender.public_url}/confirm/{LINKS.token_of(uow, facts['link_id'])}",
        ),
        after=(translate("If it was not you, do nothing: nothing will happen."),),
    )


async def write_known(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To somebody who has an account and whose address was typed once more."""
    return Letter(
        subject=translate("You have an account already"),
        paragraphs=(
            translate("Somebody wanted to open an account with this address, but you have one."),
            translate("If it was you, sign in. If you do not know the password, choose a new one."),
        ),
        action=Action(translate("Choose a new password"), f"{sender.public_url}/forgotten"),
        after=(translate("If it was not you, do nothing: nothing will happen."),),
    )


async def write_reset(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """A link to choose a new password by."""
    if not await LINKS.is_live(uow, facts["link_id"]):
        return None
    return Letter(
        subject=translate("Choose a new password"),
        paragraphs=(
            translate("Somebody, most likely you, asked for a new password."),
            translate("The link works once, for an hour."),
        ),
        action=Action(
            translate("Choose a new password"),
            f"{sender.public_url}/reset/{LINKS.token_of(uow, facts['link_id'])}",
        ),
        after=(translate("If it was not you, do nothing: the old password stays."),),
    )


async def write_unknown(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To an address without an account, so that its owner need not wait in vain."""
    return Letter(
        subject=translate("There is no account with this address"),
        paragraphs=(
            translate("Somebody asked for a new password, but no account has this address."),
            translate("Perhaps you used another one. Ordering needs no account."),
        ),
        action=Action(translate("Open an account"), f"{sender.public_url}/register"),
        after=(translate("If it was not you, do nothing: nothing will happen."),),
    )


async def write_changed(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """The password is another one now."""
    guest = await guests.load_guest(uow, facts["customer_id"])
    return Letter(
        subject=translate("Your password was changed"),
        paragraphs=(
            translate("The password of your account was changed: {email}").format(
                email=guest.email
            ),
            translate("You were signed out everywhere else."),
        ),
        action=Action(translate("It was not me"), f"{sender.public_url}/forgotten"),
        after=(translate("If it was you, there is nothing to do."),),
    )


async def write_move(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To the address that an account is to move to."""
    if not await LINKS.is_live(uow, facts["link_id"]):
        return None
    return Letter(
        subject=translate("Please confirm your new address"),
        paragraphs=(
            translate("Somebody, most likely you, wants to move their account to this address."),
            translate("The link works once, for an hour. Until then nothing changes."),
        ),
        action=Action(
            translate("Use this address"),
            f"{sender.public_url}/move/{LINKS.token_of(uow, facts['link_id'])}",
        ),
        after=(translate("If it was not you, do nothing: nothing will happen."),),
    )


async def write_moved(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To the address that an account has left."""
    return Letter(
        subject=translate("Your account has another address now"),
        paragraphs=(
            translate("Letters about your account go to the new address from now on."),
            translate("If it was not you, please call us: the account may be in other hands."),
        ),
        action=Action(translate("To the house"), sender.public_url),
        after=(translate("If it was you, there is nothing to do."),),
    )


WRITERS = {
    "account.confirm": write_confirm,
    "account.known": write_known,
    "account.reset": write_reset,
    "account.unknown": write_unknown,
    "account.changed": write_changed,
    "account.move": write_move,
    "account.moved": write_moved,
}
