"""What the house writes to those who are to work there."""

from __future__ import annotations

from typing import Any

from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import Action, Letter, Sender
from kitchenasty.staff.invitations import InvitationNotFound, load_invitation, token_of
from kitchenasty.staff.password_links import LINKS


async def write_invited(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Please join us; nothing if it was accepted, taken back or written once more meanwhile."""
    try:
        invitation = await load_invitation(uow, facts["invitation_id"])
    except InvitationNotFound:
        return None
    if invitation.round != facts["round"]:
        return None
    return Letter(
        subject=translate("You are invited to work with us"),
        paragraphs=(
            translate("{name} asks you to join the staff.").format(name=invitation.invited_by),
            translate("Open the link to choose your password. It works once, for seven days."),
        ),
        action=Action(
            translate("Join the staff"), f"{sender.public_url}/invite/{token_of(uow, invitation)}"
        ),
        after=(translate("If you do not know us, do nothing: nothing will happen."),),
    )


async def write_password(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """A link to choose a new password by; nothing if it was used meanwhile."""
    if not await LINKS.is_live(uow, facts["link_id"]):
        return None
    return Letter(
        subject=translate("Choose a new password"),
        paragraphs=(
            translate("Somebody, most likely you, asked for a new password for your work here."),
            translate("The link works once, for an hour."),
        ),
        action=Action(
            translate("Choose a new password"),
            f"{sender.public_url}/renew/{LINKS.token_of(uow, facts['link_id'])}",
        ),
        after=(translate("If it was not you, do nothing: the old password stays."),),
    )


async def write_changed(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """The password is another one now."""
    return Letter(
        subject=translate("Your password was changed"),
        paragraphs=(
            translate("The password that you work with here was changed."),
            translate("You were signed out everywhere else."),
        ),
        action=Action(translate("It was not me"), f"{sender.public_url}/forgotten"),
        after=(translate("If it was you, there is nothing to do."),),
    )


WRITERS = {
    "staff.invited": write_invited,
    "staff.password": write_password,
    "staff.password-changed": write_changed,
}
