"""What owners ask of everybody who works here before anything opens to them."""

from __future__ import annotations

import re
from typing import Any

from basis.sentences import word
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.kit.principals import RANK, Role

NOBODY = "nobody"
ASKED_FROM = {
    NOBODY: None,
    "owners": Role.SUPER_ADMIN,
    "managers": Role.MANAGER,
    "everybody": Role.STAFF,
}
"""From which role on a second factor is asked for."""
SECURITY = settings.Group(
    "staff",
    (
        settings.Field(
            name="secondFactor",
            label=word("Who needs a second factor"),
            default=NOBODY,
            shape=re.compile("|".join(ASKED_FROM)),
            hint=word("nobody, owners, managers or everybody."),
        ),
    ),
)


async def load_demand(look: Look) -> str:
    """Who needs a second factor, as one of the words of ASKED_FROM."""
    values: dict[str, Any] = await settings.load(look, SECURITY)
    return str(values["secondFactor"])


async def is_asked_for(look: Look, role: Role) -> bool:
    least = ASKED_FROM.get(await load_demand(look))
    return least is not None and RANK[role] >= RANK[least]
