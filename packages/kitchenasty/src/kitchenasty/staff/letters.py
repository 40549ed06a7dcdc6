"""What the house writes to those who are to work there."""

from __future__ import annotations

from typing import Any

from basis.sentences import word
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.notices import BUTTON, Area, Letter, Pattern, Sender, text_fact
from kitchenasty.staff.invitations import InvitationNotFound, load_invitation, token_of
from kitchenasty.staff.password_links import LINKS

INVITED = Pattern(
    key="staff.invited",
    words=word("An invitation to the staff"),
    area=Area.STAFF,
    subject=(word("You are invited to work with us"),),
    lines=(
        word("{name} asks you to join the staff."),
        word("Open the link to choose your password. It works once, for seven days."),
    ),
    button=word("Join the staff"),
    after=(word("If you do not know us, do nothing: nothing will happen."),),
    places={"name": text_fact("staff.inviter", word("Who invites"), "Grace Hopper")},
    needs=frozenset({BUTTON}),
)
PASSWORD = Pattern(
    key="staff.password",
    words=word("New password"),
    area=Area.STAFF,
    subject=(word("Choose a new password"),),
    lines=(
        word("Somebody, most likely you, asked for a new password for your work here."),
        word("The link works once, for an hour."),
    ),
    button=word("Choose a new password"),
    after=(word("If it was not you, do nothing: the old password stays."),),
    needs=frozenset({BUTTON}),
)
CHANGED = Pattern(
    key="staff.password-changed",
    words=word("The password was changed"),
    area=Area.STAFF,
    subject=(word("Your password was changed"),),
    lines=(
        word("The password that you work with here was changed."),
        word("You were signed out everywhere else."),
    ),
    button=word("It was not me"),
    after=(word("If it was you, there is nothing to do."),),
    needs=frozenset({BUTTON}),
)
PATTERNS = (INVITED, PASSWORD, CHANGED)


async def write_invited(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Please join us; nothing if it was accepted, taken back or written once more meanwhile."""
    try:
        invitation = await load_invitation(uow, facts["invitation_id"])
    except InvitationNotFound:
        return None
    if invitation.round != facts["round"]:
        return None
    link = f"{sender.public_url}/invite/{token_of(uow, invitation)}"
    return INVITED.write({"name": invitation.invited_by}, url=link)


async def write_password(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """A link to choose a new password by; nothing if it was used meanwhile."""
    if not await LINKS.is_live(uow, facts["link_id"]):
        return None
    link = f"{sender.public_url}/renew/{LINKS.token_of(uow, facts['link_id'])}"
    return PASSWORD.write({}, url=link)


async def write_changed(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """The password is another one now."""
    return CHANGED.write({}, url=f"{sender.public_url}/forgotten")


WRITERS = {
    INVITED.key: write_invited,
    PASSWORD.key: write_password,
    CHANGED.key: write_changed,
}
