"""What the house writes to those who are to work there."""

from __future__ import annotations

from typing import Any

from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import Action, Letter, Sender
from kitchenasty.staff.invitations import InvitationNotFound, load_invitation, token_of


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


WRITERS = {"staff.invited": write_invited}
