"""What the house writes to a guest about an account."""

from __future__ import annotations

from typing import Any

from basis.sentences import word
from kitchenasty import guests
from kitchenasty.accounts.links import LINKS
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.notices import BUTTON, Area, Letter, Pattern, Sender, text_fact

NOT_ME = word("If it was not you, do nothing: nothing will happen.")
NOTHING_TO_DO = word("If it was you, there is nothing to do.")
LINK = frozenset({BUTTON})

CONFIRM = Pattern(
    key="account.confirm",
    words=word("Confirm the address"),
    area=Area.ACCOUNTS,
    subject=(word("Please confirm your address"),),
    lines=(
        word("Somebody, most likely you, opened an account with this address."),
        word("Open the link to confirm that the address is yours. It works for three days."),
    ),
    button=word("Confirm the address"),
    after=(NOT_ME,),
    needs=LINK,
)
KNOWN = Pattern(
    key="account.known",
    words=word("The account is there already"),
    area=Area.ACCOUNTS,
    subject=(word("You have an account already"),),
    lines=(
        word("Somebody wanted to open an account with this address, but you have one."),
        word("If it was you, sign in. If you do not know the password, choose a new one."),
    ),
    button=word("Choose a new password"),
    after=(NOT_ME,),
)
RESET = Pattern(
    key="account.reset",
    words=word("New password"),
    area=Area.ACCOUNTS,
    subject=(word("Choose a new password"),),
    lines=(
        word("Somebody, most likely you, asked for a new password."),
        word("The link works once, for an hour."),
    ),
    button=word("Choose a new password"),
    after=(word("If it was not you, do nothing: the old password stays."),),
    needs=LINK,
)
UNKNOWN = Pattern(
    key="account.unknown",
    words=word("There is no such account"),
    area=Area.ACCOUNTS,
    subject=(word("There is no account with this address"),),
    lines=(
        word("Somebody asked for a new password, but no account has this address."),
        word("Perhaps you used another one. Ordering needs no account."),
    ),
    button=word("Open an account"),
    after=(NOT_ME,),
)
CHANGED = Pattern(
    key="account.changed",
    words=word("The password was changed"),
    area=Area.ACCOUNTS,
    subject=(word("Your password was changed"),),
    lines=(
        word("The password of your account was changed: {email}"),
        word("You were signed out everywhere else."),
    ),
    button=word("It was not me"),
    after=(NOTHING_TO_DO,),
    places={"email": text_fact("guest.email", word("E-mail of the guest"), "ada@guest.example")},
    needs=LINK,
)
MOVE = Pattern(
    key="account.move",
    words=word("Confirm the new address"),
    area=Area.ACCOUNTS,
    subject=(word("Please confirm your new address"),),
    lines=(
        word("Somebody, most likely you, wants to move their account to this address."),
        word("The link works once, for an hour. Until then nothing changes."),
    ),
    button=word("Use this address"),
    after=(NOT_ME,),
    needs=LINK,
)
MOVED = Pattern(
    key="account.moved",
    words=word("The account has another address"),
    area=Area.ACCOUNTS,
    subject=(word("Your account has another address now"),),
    lines=(
        word("Letters about your account go to the new address from now on."),
        word("If it was not you, please call us: the account may be in other hands."),
    ),
    button=word("To the house"),
    after=(NOTHING_TO_DO,),
)
PATTERNS = (CONFIRM, KNOWN, RESET, UNKNOWN, CHANGED, MOVE, MOVED)


async def write_confirm(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Please open this link, so that we know that the address is yours."""
    return await write_link(uow, facts, CONFIRM, f"{sender.public_url}/confirm")


async def write_known(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To somebody who has an account and whose address was typed once more."""
    return KNOWN.write({}, url=f"{sender.public_url}/forgotten")


async def write_reset(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """A link to choose a new password by."""
    return await write_link(uow, facts, RESET, f"{sender.public_url}/reset")


async def write_unknown(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To an address without an account, so that its owner need not wait in vain."""
    return UNKNOWN.write({}, url=f"{sender.public_url}/register")


async def write_changed(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """The password is another one now."""
    guest = await guests.load_guest(uow, facts["customer_id"])
    return CHANGED.write({"email": guest.email or ""}, url=f"{sender.public_url}/forgotten")


async def write_move(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To the address that an account is to move to."""
    return await write_link(uow, facts, MOVE, f"{sender.public_url}/move")


async def write_moved(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To the address that an account has left."""
    return MOVED.write({}, url=sender.public_url)


async def write_link(
    uow: UnitOfWork, facts: dict[str, Any], pattern: Pattern, there: str
) -> Letter | None:
    """Nothing once the link was used, or another was sent."""
    if not await LINKS.is_live(uow, facts["link_id"]):
        return None
    return pattern.write({}, url=f"{there}/{LINKS.token_of(uow, facts['link_id'])}")


WRITERS = {
    CONFIRM.key: write_confirm,
    KNOWN.key: write_known,
    RESET.key: write_reset,
    UNKNOWN.key: write_unknown,
    CHANGED.key: write_changed,
    MOVE.key: write_move,
    MOVED.key: write_moved,
}
