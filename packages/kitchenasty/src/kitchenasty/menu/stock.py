"""What is left of a dish: taken and given back one by one, never below zero.

Taking is one conditional update for each dish, in the order of their ids, so that two orders can
neither take the same portion nor wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, not_, update

from basis.errors import Conflict, NotFound
from basis.kit.data.statements import Statement
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.menu.models import DishRow
from kitchenasty.menu.queries import load_availability
from kitchenasty.menu.reach import check_reach


class SoldOut(Conflict):
    """Not enough is left. `details` has the dish and how many there are."""


class DishNotFound(NotFound):
    """There is no such dish."""


TAKE = Statement(
    update(DishRow)
    .where(
        DishRow.id == bindparam("dish_id", required=True),
        DishRow.tracks_stock,
        not_(DishRow.is_86),
        DishRow.stock >= bindparam("wanted", required=True),
    )
    .values(stock=DishRow.stock - bindparam("wanted", required=True))
)
GIVE_BACK = Statement(
    update(DishRow)
    .where(DishRow.id == bindparam("dish_id", required=True), DishRow.tracks_stock)
    .values(stock=DishRow.stock + bindparam("returned", required=True))
)
SET_86 = Statement(
    update(DishRow)
    .where(
        DishRow.id == bindparam("dish_id", required=True),
        DishRow.is_86 != bindparam("value", required=True),
    )
    .values(is_86=bindparam("value", required=True), updated_at=bindparam("now", required=True))
)


async def take_stock(
    uow: UnitOfWork, wanted: Mapping[str, int], names: Mapping[str, str]
) -> dict[str, int]:
    """Take portions of counted dishes; answers what was taken, to be given back on a cancellation.

    Raises SoldOut, after which the whole transaction must end.
    """
    for dish_id in sorted(wanted):
        if not await uow.run(TAKE, dish_id=dish_id, wanted=wanted[dish_id]):
            left = (await load_availability(uow, [dish_id])).get(dish_id)
            stock = 0 if left is None or left.is_86 else left.stock or 0
            name = names[dish_id]
            sentence = (
                Sentence.of("Only {left} of {dish} left.", left=stock, dish=name)
                if stock
                else Sentence.of("{dish} is sold out.", dish=name)
            )
            raise SoldOut(sentence, dishId=dish_id, left=stock)
    return dict(wanted)


async def give_back_stock(uow: UnitOfWork, taken: Mapping[str, int]) -> None:
    """Put portions back. It needs no check and takes its locks in the same order."""
    for dish_id in sorted(taken):
        await uow.run(GIVE_BACK, dish_id=dish_id, returned=taken[dish_id])


async def set_86(uow: UnitOfWork, dish_id: str, *, is_86: bool) -> None:
    """Take a dish off for now, or bring it back. A shared dish is every kitchen's to take off.

    Raises DishNotFound, NotYourMenu.
    """
    row = await uow.session.get(DishRow, dish_id)
    if row is None:
        raise DishNotFound("There is no such dish.")
    if row.house_id is not None:
        check_reach(uow, row.house_id)
    if await uow.run(SET_86, dish_id=dish_id, value=is_86, now=uow.now):
        await audit.record(
            uow, action="update", entity="MenuItem", entity_id=dish_id, after={"is86": is_86}
        )
