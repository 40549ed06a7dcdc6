"""How the staff's rows are read and written."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, exists, func, select, true, update

from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from kitchenasty.kit.principals import Role
from kitchenasty.staff.models import SecondFactorRow, SetUpCode, StaffMember

MEMBER_COLUMNS = (
    StaffMember.id,
    StaffMember.email,
    StaffMember.name,
    StaffMember.role,
    StaffMember.phone,
    StaffMember.avatar,
    StaffMember.house_ids,
    StaffMember.is_active,
    StaffMember.created_at,
    StaffMember.updated_at,
)


HAS_SECOND_FACTOR = exists().where(
    SecondFactorRow.staff_id == StaffMember.id, SecondFactorRow.confirmed_at.is_not(None)
)
PRINCIPAL = Statement(
    select(
        StaffMember.name,
        StaffMember.email,
        StaffMember.role,
        StaffMember.house_ids,
        HAS_SECOND_FACTOR,
    ).where(StaffMember.id == bindparam("staff_id"), StaffMember.is_active.is_(true()))
)
OWN_CREDENTIALS = Statement(
    select(StaffMember.id, StaffMember.password_hash, StaffMember.is_active).where(
        StaffMember.id == bindparam("staff_id", required=True)
    )
)
SET_PASSWORD = Statement(
    update(StaffMember)
    .where(StaffMember.id == bindparam("staff_id", required=True))
    .values(
        password_hash=bindparam("new_hash", required=True),
        updated_at=bindparam("now", required=True),
    )
)
CREDENTIALS = Statement(
    select(StaffMember.id, StaffMember.password_hash, StaffMember.is_active).where(
        StaffMember.email == bindparam("email")
    )
)
BY_ID = Statement(select(*MEMBER_COLUMNS).where(StaffMember.id == bindparam("staff_id")))
BY_ID_LOCKED = Statement(
    select(*MEMBER_COLUMNS).where(StaffMember.id == bindparam("staff_id")).with_for_update()
)
COUNT = Statement(select(func.count(StaffMember.id)))
ADD = insert_unless_there(StaffMember)
CHANGE = Statement(
    update(StaffMember)
    .where(StaffMember.id == bindparam("staff_id"))
    .values(
        name=bindparam("name"),
        role=bindparam("role"),
        phone=bindparam("phone"),
        house_ids=bindparam("house_ids"),
        is_active=bindparam("is_active"),
        updated_at=bindparam("now"),
    )
)
LOCK_OWNERS = Statement(
    select(StaffMember.id)
    .where(StaffMember.role == Role.SUPER_ADMIN, StaffMember.is_active.is_(true()))
    .order_by(StaffMember.id)
    .with_for_update()
)
KEEP_CODE = insert_into(SetUpCode)
FORGET_CODES = Statement(delete(SetUpCode))
USE_CODE = Statement(delete(SetUpCode).where(SetUpCode.code_hash == bindparam("code_hash")))
DEMO_PEOPLE = Statement(
    select(StaffMember.email)
    .where(StaffMember.email.like("%@demo.example"), StaffMember.is_active.is_(true()))
    .order_by(StaffMember.email)
)
