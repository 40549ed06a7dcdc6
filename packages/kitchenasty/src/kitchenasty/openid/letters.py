"""What the house writes to a guest whose account has got one more way in."""

from __future__ import annotations

from typing import Any

from basis.sentences import word
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.notices import BUTTON, Area, Letter, Pattern, Sender

LINKED = Pattern(
    key="account.linked",
    words=word("One more way into the account"),
    area=Area.ACCOUNTS,
    subject=(word("There is one more way into your account"),),
    lines=(
        word("Somebody, most likely you, linked your account here to one elsewhere."),
        word("You can sign in by either of them now."),
    ),
    button=word("Ways to sign in"),
    after=(word("If it was not you, remove it there and choose a new password."),),
    needs=frozenset({BUTTON}),
)
PATTERNS = (LINKED,)


async def write_linked(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter | None:
    """To the owner of the account, whoever linked it."""
    return LINKED.write({}, url=f"{sender.public_url}/account/ways")


WRITERS = {LINKED.key: write_linked}
