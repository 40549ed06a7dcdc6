"""Letters that did not arrive: why, in words, and having them tried again, also elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from basis.errors import Conflict
from basis.kit.data.statements import Statement
from basis.sentences import word
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.sign_in import check_email, plain_email
from kitchenasty.notices.models import NoticeRow
from kitchenasty.notices.service import AGAIN_USEFUL, NoticeNotFound, send_again
from kitchenasty.notices.states import NoticeState

SHOWN_MAX = 5
ENHANCED = re.compile(r"(?<![\d.])[45]\.(\d{1,3})\.(\d{1,3})(?![\d.])")
UNKNOWN_BOX = word("there is no such mailbox")
FULL_BOX = word("the mailbox is full")
NO_DOMAIN = word("the part after the @ takes no mail")
UNWANTED = word("the other side did not want it")
TOO_LATE = word("it could not be sent in time")
OTHER = word("the other side refused it")
REASONS = {
    ("1", "1"): UNKNOWN_BOX,
    ("1", "2"): NO_DOMAIN,
    ("1", "3"): UNKNOWN_BOX,
    ("1", "6"): UNKNOWN_BOX,
    ("1", "10"): NO_DOMAIN,
    ("2", "1"): UNKNOWN_BOX,
    ("2", "2"): FULL_BOX,
    ("4", "4"): NO_DOMAIN,
}
"""Of the enhanced codes of mail servers (RFC 3463, RFC 7505) those that a host can act on."""
POLICY = "7"
IN_TIME = "It could not be sent in time."

FAILED = Statement(
    select(NoticeRow.id, NoticeRow.kind, NoticeRow.recipient, NoticeRow.settled_at, NoticeRow.error)
    .where(
        NoticeRow.recipient == bindparam("address", required=True),
        NoticeRow.state == NoticeState.GIVEN_UP,
    )
    .order_by(NoticeRow.created_at.desc(), NoticeRow.id.desc())
    .limit(SHOWN_MAX)
)
KIND_OF = Statement(
    select(NoticeRow.kind).where(
        NoticeRow.id == bindparam("notice_id", required=True),
        NoticeRow.state == NoticeState.GIVEN_UP,
    )
)
MOVE = Statement(
    update(NoticeRow)
    .where(NoticeRow.id == bindparam("notice_id", required=True))
    .values(recipient=bindparam("address", required=True))
)
ALL_AGAIN = Statement(
    update(NoticeRow)
    .where(NoticeRow.state == NoticeState.GIVEN_UP)
    .values(
        state=NoticeState.WAITING,
        try_at=bindparam("now", required=True),
        useful_until=bindparam("until", required=True),
        settled_at=None,
    )
)


class MayNotGoElsewhere(Conflict):
    """A letter about an account opens that account: it goes to the account's own address only."""

    def __init__(self) -> None:
        super().__init__(
            "Only letters about orders, payments and reservations can go to another address."
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """A letter that somebody did not get, since when, and why in words of ours."""

    id: str
    kind: str
    recipient: str
    settled_at: datetime | None
    error: str | None

    @property
    def why(self) -> str:
        return explain(self.error or "")


def explain(error: str) -> str:
    """What a mail server said, for those who run a restaurant."""
    if error == IN_TIME:
        return TOO_LATE
    code = ENHANCED.search(error)
    if code is None:
        return OTHER
    if code[1] == POLICY:
        return UNWANTED
    return REASONS.get((code[1], code[2]), OTHER)


async def list_failures(look: Look, address: str | None) -> list[Failure]:
    """The newest few that did not reach this address."""
    if not address:
        return []
    return [Failure(*row) for row in await look.rows(FAILED, address=plain_email(address))]


async def send_elsewhere(
    uow: UnitOfWork, notice_id: str, address: str, *, movable: frozenset[str]
) -> None:
    """Try a letter again at the address that its guest meant. Only kinds in `movable` go: others
    hold keys to an account. Raises NoticeNotFound, EmailRefused, MayNotGoElsewhere.
    """
    row = await uow.row(KIND_OF, notice_id=notice_id)
    if row is None:
        raise NoticeNotFound
    (kind,) = row
    if kind not in movable:
        raise MayNotGoElsewhere
    await uow.run(MOVE, notice_id=notice_id, address=check_email(address))
    await send_again(uow, notice_id)
    # Without the addresses: the trail outlives the guest.
    await audit.record(
        uow, action="update", entity="Letter", entity_id=notice_id, after={"kind": kind}
    )


async def send_all_again(uow: UnitOfWork) -> int:
    """Everything that was given up, for another day; how many letters."""
    return await uow.run(ALL_AGAIN, now=uow.now, until=uow.now + AGAIN_USEFUL)
