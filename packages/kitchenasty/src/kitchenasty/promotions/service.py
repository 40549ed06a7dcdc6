"""Coupons: made by managers, used by orders, given back when an order is cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Insert, bindparam, delete, or_, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from basis.errors import Conflict, Forbidden
from basis.ids import new_code, new_id
from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from basis.money import MILLION
from basis.signing import derive
from kitchenasty import audit, locations
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.promotions.models import CouponPersonRow, CouponRow, CouponUseRow
from kitchenasty.promotions.queries import NAMES, find_by_code, load_coupon
from kitchenasty.promotions.rules import (
    CODE_LENGTH_MAX,
    Coupon,
    CouponDraft,
    CouponRefused,
    CouponType,
    Place,
    check_holds,
    code_key,
    signs_of,
    used_up,
    used_up_by_you,
)

MADE_CODE_LENGTH = 10
"""Of 30 letters and digits: 590 million million codes, so none is found by trying."""
COUNTED = {"id", "uses", "created_at", "updated_at"}


class CodeTaken(Conflict):
    """Another coupon has this code."""


class NotYourCoupon(Forbidden):
    """The coupon is another house's, or every house's."""


class InsertOrCountUpTo(Insert):
    """An INSERT of 1 that becomes an addition when the row is there and below `most`; the number
    of rows touched says whether there was room.
    """

    inherit_cache = False


@compiles(InsertOrCountUpTo)
def write_insert_or_count_up(element: InsertOrCountUpTo, compiler: SQLCompiler, **kw: Any) -> str:
    inserting: str = compiler.visit_insert(element, **kw)  # type: ignore[no-untyped-call]
    most = compiler.process(bindparam("most", type_=CouponPersonRow.uses.type, required=True), **kw)
    return (
        f"{inserting} ON CONFLICT (coupon_id, person) "
        f"DO UPDATE SET uses = coupon_people.uses + 1 WHERE coupon_people.uses < {most}"
    )


ADD = insert_unless_there(CouponRow)
REMOVE = Statement(delete(CouponRow).where(CouponRow.id == bindparam("coupon_id", required=True)))
COUNT_USE = Statement(
    update(CouponRow)
    .where(
        CouponRow.id == bindparam("coupon_id", required=True),
        CouponRow.is_active,
        or_(CouponRow.uses_max.is_(None), CouponRow.uses < CouponRow.uses_max),
    )
    .values(uses=CouponRow.uses + 1)
)
COUNT_PERSON = Statement(
    InsertOrCountUpTo(CouponPersonRow).values(
        coupon_id=bindparam("coupon_id", required=True),
        person=bindparam("person", required=True),
        uses=1,
    )
)
KEEP_USE = insert_into(CouponUseRow)
USE_OF_ORDER = Statement(
    select(CouponUseRow.coupon_id, CouponUseRow.people).where(
        CouponUseRow.order_id == bindparam("of_order", required=True)
    )
)
MARK_GIVEN_BACK = Statement(
    update(CouponUseRow)
    .where(
        CouponUseRow.order_id == bindparam("of_order", required=True),
        CouponUseRow.given_back_at.is_(None),
    )
    .values(given_back_at=bindparam("now", required=True))
)
GIVE_BACK = Statement(
    update(CouponRow)
    .where(CouponRow.id == bindparam("coupon_id", required=True), CouponRow.uses > 0)
    .values(uses=CouponRow.uses - 1)
)
GIVE_BACK_PERSON = Statement(
    update(CouponPersonRow)
    .where(
        CouponPersonRow.coupon_id == bindparam("of_coupon", required=True),
        CouponPersonRow.person == bindparam("by_person", required=True),
        CouponPersonRow.uses > 0,
    )
    .values(uses=CouponPersonRow.uses - 1)
)


async def find_coupon(look: Look, code: str, house: locations.House) -> Coupon:
    """The coupon for a code, if it holds at this house now; the order is not looked at yet.

    Raises CouponUnknown, CouponOff, CouponNotYet, CouponExpired, CouponUsedUp.
    """
    coupon = await find_by_code(look, code)
    check_holds(coupon, place_of(house, look))
    return coupon


def place_of(house: locations.House, look: Look) -> Place:
    return Place(house_id=house.id, currency=house.currency, zone=house.zone, now=look.now)


def people_of(
    uow: UnitOfWork, *, customer_id: str | None, emails: Iterable[str | None], phone: str | None
) -> list[str]:
    """The signs of whoever orders, as only this server can spell them, in the order in which they
    are counted: two orders at once never wait for each other in a circle.
    """
    signs = signs_of(customer_id, emails, phone)
    return sorted(derive(uow.secret, purpose="coupon person", subject=sign) for sign in signs)


async def count_use(uow: UnitOfWork, coupon: Coupon, people: Sequence[str]) -> None:
    """Take one of the coupon's uses. The conditions are in the updates: of many who come at once,
    as many succeed as there are uses. Raises CouponUsedUp, after which the transaction must end.
    """
    if not await uow.run(COUNT_USE, coupon_id=coupon.id):
        raise used_up()
    for person in people:
        if not await uow.run(
            COUNT_PERSON, coupon_id=coupon.id, person=person, most=coupon.per_customer_max
        ):
            raise used_up_by_you()


async def keep_use(uow: UnitOfWork, coupon: Coupon, people: Sequence[str], order_id: str) -> None:
    """Write down which order has it, so that it can be given back."""
    await uow.run(
        KEEP_USE,
        id=new_id(),
        order_id=order_id,
        coupon_id=coupon.id,
        people=list(people),
        used_at=uow.now,
        given_back_at=None,
    )


async def give_back(uow: UnitOfWork, order_id: str) -> None:
    """An order that had a coupon will not be: its use is free again. Once, however often asked."""
    if not await uow.run(MARK_GIVEN_BACK, of_order=order_id, now=uow.now):
        return
    row = await uow.row(USE_OF_ORDER, of_order=order_id)
    assert row is not None
    coupon_id, people = row
    await uow.run(GIVE_BACK, coupon_id=coupon_id)
    for person in people:
        await uow.run(GIVE_BACK_PERSON, of_coupon=coupon_id, by_person=person)


async def add_coupon(uow: UnitOfWork, draft: CouponDraft) -> Coupon:
    """Raises CodeTaken, CouponRefused, NotYourCoupon."""
    values = asdict(draft)
    values["code"] = code_key(draft.code) or new_code(MADE_CODE_LENGTH)
    check_reach(uow, draft.house_id)
    check_draft(values)
    coupon_id = new_id()
    # The unique index decides, not a look before: two may choose the same code at once.
    if not await uow.run(
        ADD, id=coupon_id, uses=0, created_at=uow.now, updated_at=uow.now, **values
    ):
        raise CodeTaken("A coupon with this code exists already.")
    await audit.record(uow, action="create", entity="Coupon", entity_id=coupon_id, after=values)
    return await load_coupon(uow, coupon_id)


async def change_coupon(uow: UnitOfWork, coupon_id: str, changes: Mapping[str, Any]) -> Coupon:
    """Change named fields. Raises CouponNotFound, CodeTaken, CouponRefused, NotYourCoupon."""
    before = await load_coupon(uow, coupon_id)
    check_reach(uow, before.house_id)
    known = {name: getattr(before, name) for name in NAMES if name not in COUNTED}
    values = known | dict(changes)
    values["code"] = code_key(values["code"])
    check_reach(uow, values["house_id"])
    check_draft(values)
    changed = {name: value for name, value in values.items() if value != known[name]}
    if not changed:
        return before
    if "code" in changed and await is_taken(uow, values["code"]):
        raise CodeTaken("A coupon with this code exists already.")
    await uow.session.execute(
        update(CouponRow).where(CouponRow.id == coupon_id).values(**changed, updated_at=uow.now)
    )
    await audit.record(
        uow,
        action="update",
        entity="Coupon",
        entity_id=coupon_id,
        before={name: known[name] for name in changed},
        after=changed,
    )
    return await load_coupon(uow, coupon_id)


async def remove_coupon(uow: UnitOfWork, coupon_id: str) -> None:
    """For good; orders that had it keep what it took off. Raises CouponNotFound, NotYourCoupon."""
    coupon = await load_coupon(uow, coupon_id)
    check_reach(uow, coupon.house_id)
    await uow.run(REMOVE, coupon_id=coupon_id)
    await audit.record(
        uow,
        action="delete",
        entity="Coupon",
        entity_id=coupon_id,
        before={"code": coupon.code, "uses": coupon.uses},
    )


async def is_taken(look: Look, code: str) -> bool:
    found = select(CouponRow.id).where(CouponRow.code == code)
    return (await look.session.scalar(found)) is not None


def check_reach(uow: UnitOfWork, house_id: str | None) -> None:
    """Raises NotYourCoupon unless the actor works for the house; None is every house."""
    actor = uow.actor
    if not actor.is_staff or actor.house_ids is None:
        return
    if house_id not in actor.house_ids:
        raise NotYourCoupon("This coupon is not of your house, so it is not yours to change.")


def check_draft(values: Mapping[str, Any]) -> None:
    """Raises CouponRefused with a sentence about the first field that does not fit."""
    if not 1 <= len(values["code"]) <= CODE_LENGTH_MAX:
        raise CouponRefused(f"A code has at most {CODE_LENGTH_MAX} letters and digits.")
    if values["type"] is CouponType.PERCENTAGE and not 0 < values["rate_millionths"] <= MILLION:
        raise CouponRefused("A percentage lies above 0 and goes up to 100.")
    if values["type"] is CouponType.FIXED and values["amount_minor"] <= 0:
        raise CouponRefused("An amount off the order must be more than nothing.")
    starts, ends = values["starts"], values["ends"]
    if starts is not None and ends is not None and starts >= ends:
        raise CouponRefused("The coupon would end before it begins.")
