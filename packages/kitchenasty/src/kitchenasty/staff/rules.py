"""Who on the staff may do what to whom."""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import Conflict, Invalid

OWNER = "SUPER_ADMIN"


class OwnAccountRefused(Invalid):
    """Nobody takes their own rights away by mistake, nor gives themselves more."""


class LastOwnerRefused(Conflict):
    """A house without an owner cannot be managed by anybody."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides over somebody's rights."""

    role: str
    is_active: bool

    @property
    def owns(self) -> bool:
        return self.is_active and self.role == OWNER


def check_standing_change(
    before: Standing, after: Standing, *, is_own: bool, other_owners: int
) -> None:
    """Raise OwnAccountRefused or LastOwnerRefused if this change must not be made."""
    if is_own and after.role != before.role:
        raise OwnAccountRefused("You cannot change your own role. Ask another owner to do it.")
    if is_own and not after.is_active:
        raise OwnAccountRefused(
            "You cannot deactivate your own account. Ask another owner to do it."
        )
    if before.owns and not after.owns and other_owners == 0:
        raise LastOwnerRefused(
            "This is the last owner: make somebody else an owner before taking this one's rights."
        )
