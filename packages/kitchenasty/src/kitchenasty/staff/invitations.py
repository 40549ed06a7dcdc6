"""Asking people to join the staff: a link that works once, for a week, until it is taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from basis.errors import Conflict, NotFound
from basis.ids import hash_capability, new_id
from basis.kit.data.statements import Statement, insert_unless_there
from basis.sentences import Sentence
from basis.signing import derive
from kitchenasty import audit, notices
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.principals import Role
from kitchenasty.staff import queries
from kitchenasty.staff.models import InvitationRow
from kitchenasty.staff.people import EmailTaken, Member, NewMember, check_name
from kitchenasty.staff.service import add_member

LIFE = timedelta(days=7)
TOKEN_LENGTH_MAX = 64
NAMES = (
    "id",
    "email",
    "name",
    "role",
    "house_ids",
    "round",
    "invited_by",
    "created_at",
    "expires_at",
)
OPEN = select(*(getattr(InvitationRow, name) for name in NAMES)).where(
    InvitationRow.settled_at.is_(None)
)
ALL_OPEN = Statement(OPEN.order_by(InvitationRow.created_at.desc(), InvitationRow.id.desc()))
BY_ID = Statement(OPEN.where(InvitationRow.id == bindparam("invitation_id", required=True)))
BY_TOKEN = Statement(
    OPEN.where(
        InvitationRow.token_hash == bindparam("token_hash", required=True),
        InvitationRow.expires_at > bindparam("now", required=True),
    )
)
KEEP = insert_unless_there(InvitationRow)
OF_ID = (
    InvitationRow.id == bindparam("invitation_id", required=True),
    InvitationRow.settled_at.is_(None),
)
RENEW = Statement(
    update(InvitationRow)
    .where(*OF_ID, InvitationRow.round == bindparam("before", required=True))
    .values(
        round=bindparam("after", required=True),
        token_hash=bindparam("token_hash", required=True),
        expires_at=bindparam("until", required=True),
    )
)
# Of two who accept at once, or one who accepts while it is taken back, one gets through.
SETTLE = Statement(
    update(InvitationRow)
    .where(*OF_ID)
    .values(settled_at=bindparam("now", required=True), member_id=bindparam("who", required=True))
)


class InvitationNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This invitation was accepted or taken back.")


class InvitationSpent(Conflict):
    """Used, too old, taken back or never ours: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(
            "This invitation was used, taken back or is too old. Please ask for another."
        )


class InvitedAlready(Conflict):
    """An invitation to this address is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDraft:
    """`house_ids` None: every house."""

    email: str
    name: str | None = None
    role: Role = Role.STAFF
    house_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation."""

    id: str
    email: str
    name: str | None
    role: Role
    house_ids: tuple[str, ...] | None
    round: int
    invited_by: str
    created_at: datetime
    expires_at: datetime


async def invite(uow: UnitOfWork, draft: InvitationDraft) -> Invitation:
    """Write to somebody. Raises EmailRefused, NameRefused, EmailTaken, InvitedAlready."""
    email = check_email(draft.email)
    if await uow.row(queries.CREDENTIALS, email=email) is not None:
        raise EmailTaken
    invitation = Invitation(
        id=new_id(),
        email=email,
        name=check_name(draft.name) if draft.name else None,
        role=draft.role,
        house_ids=draft.house_ids,
        round=1,
        invited_by=uow.actor.name,
        created_at=uow.now,
        expires_at=uow.now + LIFE,
    )
    values = {name: getattr(invitation, name) for name in NAMES}
    hashed = hash_capability(token_of(uow, invitation))
    if not await uow.run(KEEP, **values, token_hash=hashed, settled_at=None, member_id=None):
        raise InvitedAlready(
            Sentence.of("{email} is invited already. You can write once more.", email=email)
        )
    await send(uow, invitation)
    await write_down(uow, invitation, "invite")
    return invitation


async def invite_again(uow: UnitOfWork, invitation_id: str) -> Invitation:
    """A fresh letter with a fresh link; the link of the one before opens nothing any more.

    Raises InvitationNotFound.
    """
    known = await load_invitation(uow, invitation_id)
    renewed = replace(known, round=known.round + 1, expires_at=uow.now + LIFE)
    if not await uow.run(
        RENEW,
        invitation_id=known.id,
        before=known.round,
        after=renewed.round,
        token_hash=hash_capability(token_of(uow, renewed)),
        until=renewed.expires_at,
    ):
        raise InvitationNotFound
    await send(uow, renewed)
    await write_down(uow, renewed, "invite-again")
    return renewed


async def take_back(uow: UnitOfWork, invitation_id: str) -> None:
    """Raises InvitationNotFound."""
    invitation = await load_invitation(uow, invitation_id)
    await settle(uow, invitation, None)
    await write_down(uow, invitation, "take-back")


async def accept(uow: UnitOfWork, token: str, name: str, *, password_hash: str) -> Member:
    """Join the staff with the role and the houses of the invitation.

    Raises InvitationSpent, NameRefused, EmailTaken.
    """
    invitation = await find_invitation(uow, token)
    newcomer = NewMember(
        email=invitation.email,
        name=name,
        role=invitation.role,
        house_ids=invitation.house_ids,
    )
    member = await add_member(uow, newcomer, password_hash=password_hash)
    try:
        await settle(uow, invitation, member.id)
    except InvitationNotFound as gone:
        raise InvitationSpent from gone
    return member


async def settle(uow: UnitOfWork, invitation: Invitation, member_id: str | None) -> None:
    if not await uow.run(SETTLE, invitation_id=invitation.id, now=uow.now, who=member_id):
        raise InvitationNotFound


async def list_invitations(look: Look) -> list[Invitation]:
    """Those that are open, the newest first; those that are too old wait to be sent again."""
    return [invitation_of(row) for row in await look.rows(ALL_OPEN)]


async def load_invitation(look: Look, invitation_id: str) -> Invitation:
    """Raises InvitationNotFound."""
    row = await look.row(BY_ID, invitation_id=invitation_id)
    if row is None:
        raise InvitationNotFound
    return invitation_of(row)


async def find_invitation(look: Look, token: str) -> Invitation:
    """What a token opens now. Raises InvitationSpent."""
    row = None
    if len(token) <= TOKEN_LENGTH_MAX:
        row = await look.row(BY_TOKEN, token_hash=hash_capability(token), now=look.now)
    if row is None:
        raise InvitationSpent
    return invitation_of(row)


def token_of(look: Look, invitation: Invitation) -> str:
    return derive(
        look.secret, purpose="staff invitation", subject=f"{invitation.id}.{invitation.round}"
    )


async def send(uow: UnitOfWork, invitation: Invitation) -> None:
    await notices.send_notice(
        uow,
        "staff.invited",
        recipient=invitation.email,
        facts={"invitation_id": invitation.id, "round": invitation.round},
        useful_for=LIFE,
    )


async def write_down(uow: UnitOfWork, invitation: Invitation, action: str) -> None:
    await audit.record(
        uow,
        action=action,
        entity="Invitation",
        entity_id=invitation.id,
        after={"email": invitation.email, "role": invitation.role},
    )


def invitation_of(row: tuple[Any, ...]) -> Invitation:
    found = dict(zip(NAMES, row, strict=True))
    houses = found["house_ids"]
    return Invitation(
        **{
            **found,
            "role": Role(found["role"]),
            "house_ids": None if houses is None else tuple(houses),
        }
    )
