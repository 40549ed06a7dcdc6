"""What a rule may say of a house: that its kitchen is busy, for a while."""

from __future__ import annotations

from datetime import timedelta

from basis.errors import Conflict
from basis.sentences import word
from kitchenasty import locations
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.rules import StepKind, TextField
from kitchenasty.automation.steps import house_of
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.locations import BusyMode

LONGER = TextField("longer", word("Minutes longer"), Channel.LINE, 3, whole=(1, 240))
LASTS = TextField("lasts", word("For how many minutes"), Channel.LINE, 4, whole=(1, 1_440))
WEIGHT = {BusyMode.NONE: 0, BusyMode.SLOWER: 1, BusyMode.PAUSED: 2}


class BusyAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("The house says already that it is busy, and for longer.")


async def slow_down(uow: UnitOfWork, doing: Doing) -> None:
    """Raises HouseUnknown, BusyAlready."""
    await set_busy(uow, doing, BusyMode.SLOWER, int(doing.planned.texts["longer"]))


async def pause(uow: UnitOfWork, doing: Doing) -> None:
    """Raises HouseUnknown, BusyAlready."""
    await set_busy(uow, doing, BusyMode.PAUSED, None)


async def set_busy(uow: UnitOfWork, doing: Doing, mode: BusyMode, longer: int | None) -> None:
    """A rule adds to what people have said of their kitchen, and takes nothing of it back."""
    house = await house_of(uow, doing)
    lasts = int(doing.planned.texts["lasts"])
    until = uow.now + timedelta(minutes=lasts)
    lasts_as_long = house.busy_until is None or house.busy_until >= until
    is_busy = house.busy_mode is not BusyMode.NONE
    if is_busy and (WEIGHT[house.busy_mode] > WEIGHT[mode] or lasts_as_long):
        raise BusyAlready
    if is_busy and longer is not None:
        longer = max(longer, house.busy_extra_minutes)
    await locations.set_busy(uow, house.id, mode, extra_minutes=longer, lasts_minutes=lasts)


SLOWER = Deed(
    StepKind(
        "slower",
        word("Promise food later for a while"),
        (LONGER, LASTS),
        frozenset(),
        "house.id",
    ),
    slow_down,
)
PAUSE = Deed(
    StepKind("pause", word("Take no orders for a while"), (LASTS,), frozenset(), "house.id"), pause
)
