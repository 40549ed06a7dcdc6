"""Reading coupons."""

from __future__ import annotations

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.inspection import inspect

from basis.errors import NotFound
from basis.kit.data.paging import Page
from basis.kit.data.statements import Row, Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.promotions.models import CouponRow
from kitchenasty.promotions.rules import Coupon, CouponType, CouponUnknown, code_key


class CouponNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such coupon.")


NAMES = tuple(attribute.key for attribute in inspect(CouponRow).column_attrs)
SELECTED = tuple(getattr(CouponRow, name) for name in NAMES)
BY_CODE = Statement(select(*SELECTED).where(CouponRow.code == bindparam("code", required=True)))
BY_ID = Statement(select(*SELECTED).where(CouponRow.id == bindparam("coupon_id", required=True)))
PAGE = (
    select(*SELECTED)
    .order_by(CouponRow.id.desc())
    .limit(bindparam("most", required=True))
    .offset(bindparam("skipped", required=True))
)
HOW_MANY = select(func.count()).select_from(CouponRow)
LIST, COUNT = Statement(PAGE), Statement(HOW_MANY)
KNOWN_THERE = or_(CouponRow.house_id.is_(None), one_of(CouponRow.house_id, "houses"))
LIST_THERE, COUNT_THERE = Statement(PAGE.where(KNOWN_THERE)), Statement(HOW_MANY.where(KNOWN_THERE))


async def find_by_code(look: Look, code: str) -> Coupon:
    """The coupon that a guest types. Raises CouponUnknown."""
    row = await look.row(BY_CODE, code=code_key(code))
    if row is None:
        raise CouponUnknown
    return coupon_of(row)


async def load_coupon(look: Look, coupon_id: str) -> Coupon:
    """Raises CouponNotFound, also for whoever works in other houses only."""
    row = await look.row(BY_ID, coupon_id=coupon_id)
    coupon = None if row is None else coupon_of(row)
    if coupon is None or look.actor.is_elsewhere(coupon.house_id):
        raise CouponNotFound
    return coupon


async def list_coupons(look: Look, page: Page) -> tuple[list[Coupon], int]:
    """Those that hold where the actor works, the newest first, and how many there are."""
    houses = look.actor.house_ids
    if houses is None:
        rows = await look.rows(LIST, most=page.limit, skipped=page.offset)
        return [coupon_of(row) for row in rows], int(await look.value(COUNT))
    there = sorted(houses)
    rows = await look.rows(LIST_THERE, houses=there, most=page.limit, skipped=page.offset)
    return [coupon_of(row) for row in rows], int(await look.value(COUNT_THERE, houses=there))


def coupon_of(row: Row) -> Coupon:
    values = dict(zip(NAMES, row, strict=True))
    values["type"] = CouponType(values["type"])
    return Coupon(**values)
