"""How much a kitchen can cook in a quarter of an hour, reserved before it is promised.

A quarter takes orders until its minutes of work are used up; an empty one takes any single order,
however large. The reservation is one conditional update, so two guests cannot both get the rest.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update

from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.orders.models import KitchenLoadRow

QUARTER = timedelta(minutes=15)

ENSURE = insert_unless_there(KitchenLoadRow)
RESERVE = Statement(
    update(KitchenLoadRow)
    .where(
        KitchenLoadRow.house_id == bindparam("of_house", required=True),
        KitchenLoadRow.starts_at == bindparam("quarter", required=True),
        or_(
            KitchenLoadRow.reserved_minutes <= bindparam("room_left", required=True),
            KitchenLoadRow.reserved_minutes == 0,
        ),
    )
    .values(reserved_minutes=KitchenLoadRow.reserved_minutes + bindparam("work", required=True))
)
GIVE_BACK = Statement(
    update(KitchenLoadRow)
    .where(
        KitchenLoadRow.house_id == bindparam("of_house", required=True),
        KitchenLoadRow.starts_at == bindparam("quarter", required=True),
        KitchenLoadRow.reserved_minutes >= bindparam("work", required=True),
    )
    .values(reserved_minutes=KitchenLoadRow.reserved_minutes - bindparam("work", required=True))
)
LOADS = Statement(
    select(KitchenLoadRow.starts_at, KitchenLoadRow.reserved_minutes).where(
        KitchenLoadRow.house_id == bindparam("of_house", required=True),
        KitchenLoadRow.starts_at >= bindparam("first", required=True),
        KitchenLoadRow.starts_at < bindparam("last", required=True),
    )
)


def quarter_of(instant: datetime) -> datetime:
    """The start of the quarter of an hour that contains the instant."""
    return instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)


async def list_loads(
    look: Look, house_id: str, first: datetime, last: datetime
) -> dict[datetime, int]:
    """Reserved minutes by quarter; quarters without a row are empty."""
    found = await look.rows(LOADS, of_house=house_id, first=first, last=last)
    return {row[0]: row[1] for row in found}


async def reserve(
    uow: UnitOfWork, house_id: str, quarter: datetime, *, work: int, capacity: int
) -> bool:
    """Take `work` minutes of a quarter if they fit; False if they do not."""
    key = {"of_house": house_id, "quarter": quarter}
    await uow.run(ENSURE, house_id=house_id, starts_at=quarter, reserved_minutes=0)
    return bool(await uow.run(RESERVE, room_left=capacity - work, work=work, **key))


async def give_back(uow: UnitOfWork, house_id: str, quarter: datetime, *, work: int) -> None:
    await uow.run(GIVE_BACK, of_house=house_id, quarter=quarter, work=work)
