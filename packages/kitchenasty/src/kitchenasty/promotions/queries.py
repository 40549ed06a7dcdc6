"""Reading coupons."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select
from sqlalchemy.inspection import inspect

from basis.errors import NotFound
from kitchenasty.kit.data.paging import Page
from kitchenasty.kit.data.statements import Row, Statement
from kitchenasty.kit.data.work import Look
from kitchenasty.promotions.models import CouponRow
from kitchenasty.promotions.rules import Coupon, CouponType, CouponUnknown, code_key


class CouponNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such coupon.")


NAMES = tuple(attribute.key for attribute in inspect(CouponRow).column_attrs)
SELECTED = tuple(getattr(CouponRow, name) for name in NAMES)
BY_CODE = Statement(select(*SELECTED).where(CouponRow.code == bindparam("code", required=True)))
BY_ID = Statement(select(*SELECTED).where(CouponRow.id == bindparam("coupon_id", required=True)))
LIST = Statement(
    select(*SELECTED)
    .order_by(CouponRow.id.desc())
    .limit(bindparam("most", required=True))
    .offset(bindparam("skipped", required=True))
)
COUNT = Statement(select(func.count()).select_from(CouponRow))


async def find_by_code(look: Look, code: str) -> Coupon:
    """The coupon that a guest types. Raises CouponUnknown."""
    row = await look.row(BY_CODE, code=code_key(code))
    if row is None:
        raise CouponUnknown
    return coupon_of(row)


async def load_coupon(look: Look, coupon_id: str) -> Coupon:
    """Raises CouponNotFound."""
    row = await look.row(BY_ID, coupon_id=coupon_id)
    if row is None:
        raise CouponNotFound
    return coupon_of(row)


async def list_coupons(look: Look, page: Page) -> tuple[list[Coupon], int]:
    """The newest first, and how many there are."""
    rows = await look.rows(LIST, most=page.limit, skipped=page.offset)
    return [coupon_of(row) for row in rows], int(await look.value(COUNT))


def coupon_of(row: Row) -> Coupon:
    values = dict(zip(NAMES, row, strict=True))
    values["type"] = CouponType(values["type"])
    return Coupon(**values)
