"""The second factor: codes of a phone (RFC 6238), and codes on paper for the day without it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select, true, update

from basis.errors import Conflict, Forbidden
from basis.ids import hash_capability, new_id
from basis.kit.data.statements import Statement, insert_into
from kitchenasty import audit, settings
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity import totp
from kitchenasty.kit.identity.sessions import PrincipalRevoked
from kitchenasty.kit.identity.sign_in import CodeNeeded, CodeRefused
from kitchenasty.kit.principals import RANK, Kind, Role
from kitchenasty.staff.codes import RECOVERY_GROUPS, make_code, plain_code
from kitchenasty.staff.models import RecoveryCodeRow, SecondFactorRow, StaffMember
from kitchenasty.staff.queries import HAS_SECOND_FACTOR
from kitchenasty.staff.security import ASKED_FROM, SECURITY, is_asked_for, load_demand
from kitchenasty.staff.service import load_member

RECOVERY_CODES = 10
CODE_LENGTH_MAX = 40
ISSUER = "KitchenAsty"

OF_MEMBER = SecondFactorRow.staff_id == bindparam("of_staff", required=True)
FIND = Statement(
    select(SecondFactorRow.sealed_secret, SecondFactorRow.confirmed_at).where(OF_MEMBER)
)
KEEP = insert_into(SecondFactorRow)
FORGET = Statement(delete(SecondFactorRow).where(OF_MEMBER))
CONFIRM = Statement(
    update(SecondFactorRow)
    .where(OF_MEMBER, SecondFactorRow.confirmed_at.is_(None))
    .values(confirmed_at=bindparam("at", required=True), last_step=bindparam("step", required=True))
)
# Of two who use one code at once, one gets in; a code seen over a shoulder is worth nothing.
USE_STEP = Statement(
    update(SecondFactorRow)
    .where(OF_MEMBER, SecondFactorRow.last_step < bindparam("step", required=True))
    .values(last_step=bindparam("step", required=True))
)
OF_CODES = RecoveryCodeRow.staff_id == bindparam("of_staff", required=True)
KEEP_CODE = insert_into(RecoveryCodeRow)
USE_CODE = Statement(
    delete(RecoveryCodeRow).where(
        OF_CODES, RecoveryCodeRow.code_hash == bindparam("code_hash", required=True)
    )
)
FORGET_CODES = Statement(delete(RecoveryCodeRow).where(OF_CODES))
WITHOUT = Statement(
    select(StaffMember.id, StaffMember.role).where(
        StaffMember.is_active.is_(true()), ~HAS_SECOND_FACTOR
    )
)
COUNT_CODES = Statement(select(func.count(RecoveryCodeRow.id)).where(OF_CODES))


class SecondFactorThere(Conflict):
    def __init__(self) -> None:
        super().__init__("Your second factor is set up already.")


class SecondFactorMissing(Conflict):
    def __init__(self) -> None:
        super().__init__("There is no second factor to do this with. Please set one up.")


class SecondFactorKept(Forbidden):
    def __init__(self) -> None:
        super().__init__("Your house asks for a second factor, so it stays.")


@dataclass(frozen=True, slots=True)
class SecondFactor:
    secret: bytes
    is_confirmed: bool


async def find_second_factor(look: Look, staff_id: str) -> SecondFactor | None:
    """What somebody has set up, or is about to. Raises CannotUnseal."""
    row = await look.row(FIND, of_staff=staff_id)
    if row is None:
        return None
    sealed, confirmed_at = row
    clear = settings.unseal(look.secret, name_of(staff_id), sealed)
    return SecondFactor(bytes.fromhex(clear), confirmed_at is not None)


async def has_second_factor(look: Look, staff_id: str) -> bool:
    row = await look.row(FIND, of_staff=staff_id)
    return row is not None and row[1] is not None


async def begin_second_factor(uow: UnitOfWork, staff_id: str) -> SecondFactor:
    """A fresh secret for a phone, which counts once it is confirmed. Raises SecondFactorThere."""
    if await has_second_factor(uow, staff_id):
        raise SecondFactorThere
    secret = secrets.token_bytes(totp.SECRET_BYTES)
    await uow.run(FORGET, of_staff=staff_id)
    await uow.run(
        KEEP,
        staff_id=staff_id,
        sealed_secret=settings.seal(uow.secret, name_of(staff_id), secret.hex()),
        last_step=0,
        created_at=uow.now,
        confirmed_at=None,
    )
    return SecondFactor(secret, is_confirmed=False)


async def confirm_second_factor(uow: UnitOfWork, staff_id: str, code: str) -> list[str]:
    """It counts from now on; the codes for the day without the phone, told this once.

    Raises SecondFactorMissing, SecondFactorThere, CodeRefused.
    """
    factor = await find_second_factor(uow, staff_id)
    if factor is None:
        raise SecondFactorMissing
    step = totp.find_step(factor.secret, "".join(code.split()), uow.now)
    if step is None:
        raise CodeRefused
    if not await uow.run(CONFIRM, of_staff=staff_id, at=uow.now, step=step):
        raise SecondFactorThere
    await write_down(uow, staff_id, "second-factor-on")
    return await make_codes(uow, staff_id)


async def renew_recovery_codes(uow: UnitOfWork, staff_id: str) -> list[str]:
    """Fresh codes on paper; those before open nothing any more. Raises SecondFactorMissing."""
    if not await has_second_factor(uow, staff_id):
        raise SecondFactorMissing
    await write_down(uow, staff_id, "recovery-codes")
    return await make_codes(uow, staff_id)


async def make_codes(uow: UnitOfWork, staff_id: str) -> list[str]:
    await uow.run(FORGET_CODES, of_staff=staff_id)
    codes = [make_code(RECOVERY_GROUPS) for _ in range(RECOVERY_CODES)]
    for code in codes:
        hashed = hash_capability(plain_code(code))
        await uow.run(KEEP_CODE, id=new_id(), staff_id=staff_id, code_hash=hashed)
    return codes


async def count_recovery_codes(look: Look, staff_id: str) -> int:
    return int(await look.value(COUNT_CODES, of_staff=staff_id))


async def check_second_factor(uow: UnitOfWork, staff_id: str, code: str | None) -> None:
    """Use up a code of the phone or of the paper, if the account asks for one.

    Raises CodeNeeded, CodeRefused.
    """
    factor = await find_second_factor(uow, staff_id)
    if factor is None or not factor.is_confirmed:
        return
    typed = "".join((code or "").split())
    if not typed:
        raise CodeNeeded
    step = totp.find_step(factor.secret, typed, uow.now)
    if step is not None and await uow.run(USE_STEP, of_staff=staff_id, step=step):
        return
    hashed = hash_capability(plain_code(typed))
    if not await uow.run(USE_CODE, of_staff=staff_id, code_hash=hashed):
        raise CodeRefused
    await write_down(uow, staff_id, "recovery-code-used")


async def drop_second_factor(uow: UnitOfWork, staff_id: str) -> None:
    """The password alone opens again: by oneself where nobody asks for more, for others by owners.

    Raises StaffMemberNotFound, SecondFactorMissing, SecondFactorKept.
    """
    member = await load_member(uow, staff_id)
    if uow.actor.id == staff_id and await is_asked_for(uow, member.role):
        raise SecondFactorKept
    if not await uow.run(FORGET, of_staff=staff_id):
        raise SecondFactorMissing
    await uow.run(FORGET_CODES, of_staff=staff_id)
    await write_down(uow, staff_id, "second-factor-off")


async def change_demand(uow: UnitOfWork, demand: str) -> None:
    """Say who needs a second factor. For those without one nothing else opens from now on, and
    sockets that are open are asked again. Raises SettingRefused.
    """
    if demand == await load_demand(uow):
        return
    await settings.change(uow, SECURITY, {"secondFactor": demand})
    least = ASKED_FROM.get(demand)
    for staff_id, role in await uow.rows(WITHOUT):
        if least is not None and RANK[Role(role)] >= RANK[least]:
            uow.emit(
                PrincipalRevoked(subject_kind=Kind.STAFF, subject_id=staff_id, session_id=None)
            )


async def write_down(uow: UnitOfWork, staff_id: str, action: str) -> None:
    await audit.record(uow, action=action, entity="Staff", entity_id=staff_id)


def name_of(staff_id: str) -> str:
    """What the sealed secret is bound to, so that nobody's can stand in for another's."""
    return f"staff.secondFactor.{staff_id}"
