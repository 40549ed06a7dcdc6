"""Who on the staff may do what to whom."""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import Conflict, Forbidden, Invalid

OWNER = "SUPER_ADMIN"
BELOW_MANAGERS = "STAFF"
Houses = frozenset[str] | None


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


class HousesRefused(Forbidden):
    """Where somebody works is for those above them to say, each for the houses of their own."""


def check_houses_change(
    standing: Standing, houses: Houses, wanted: Houses, *, by: Standing, within: Houses
) -> None:
    """Raise HousesRefused if somebody with the standing `by`, who works `within` some houses, may
    not move a member from `houses` to `wanted`. None stands for every house.
    """
    if standing.role == OWNER:
        raise HousesRefused("Owners work in every house.")
    if by.role != OWNER and standing.role != BELOW_MANAGERS:
        raise HousesRefused("Only an owner can say where a manager works.")
    if wanted is not None and not wanted:
        raise HousesRefused(
            "Everybody works in at least one house. Whoever left can be deactivated by an owner."
        )
    if within is None:
        return
    if houses is None or wanted is None or not (houses ^ wanted) <= within:
        raise HousesRefused("You can only change who works in houses of your own.")


def shares_house(houses: Houses, others: Houses) -> bool:
    """Whether two people work in one house, so that each may know of the other."""
    return houses is None or others is None or bool(houses & others)


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
