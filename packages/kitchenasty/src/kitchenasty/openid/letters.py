"""What the house writes to a guest whose account has got one more way in."""

from __future__ import annotations

from typing import Any

from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import Action, Letter, Sender


async def write_linked(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To the owner of the account, whoever linked it."""
    return Letter(
        subject=translate("There is one more way into your account"),
        paragraphs=(
            translate("Somebody, most likely you, linked your account here to one elsewhere."),
            translate("You can sign in by either of them now."),
        ),
        action=Action(translate("Ways to sign in"), f"{sender.public_url}/account/ways"),
        after=(translate("If it was not you, remove it there and choose a new password."),),
    )


WRITERS = {"account.linked": write_linked}
