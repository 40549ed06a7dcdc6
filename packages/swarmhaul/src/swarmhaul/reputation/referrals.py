"""Who may refer a stranger to an observer, and how much their word counts there. One hop and no
more: it counts what the observer itself thinks of whoever refers.
"""

from __future__ import annotations

from sqlalchemy import bindparam, update

from basis.errors import Conflict
from basis.kit.data.statements import Statement
from swarmhaul.kit.books import Look, UnitOfWork
from swarmhaul.reputation.models import StandingRow
from swarmhaul.reputation.queries import FIND_STANDING

REFERRALS_MAX = 20
"""Strangers that one key refers to one observer. A good name is no mint of others."""


class ReferrerUnknown(Conflict):
    """Whoever refers was never seen to do anything by the observer."""


class AlreadyMet(Conflict):
    """The observer has seen the subject at work: what others say of it counts no more."""


class TooManyReferrals(Conflict):
    """Whoever refers has referred as many as they may."""


COUNT_REFERRAL = Statement(
    update(StandingRow)
    .where(
        StandingRow.observer == bindparam("of_observer", required=True),
        StandingRow.subject == bindparam("of_subject", required=True),
        StandingRow.referrals < REFERRALS_MAX,
    )
    .values(referrals=StandingRow.referrals + 1)
)


async def trust_in(look: Look, observer: str, referrer: str) -> int:
    """What the observer thinks of whoever refers, in trillionths. Raises ReferrerUnknown."""
    found = await look.row(FIND_STANDING, of_observer=observer, of_subject=referrer)
    score, completed, breached, _ = found or (0, 0, 0, 0)
    if not (completed or breached):
        raise ReferrerUnknown("Only somebody who has carried for this observer can refer others.")
    return int(score)


async def count_referral(uow: UnitOfWork, observer: str, subject: str, referrer: str) -> None:
    """Raises AlreadyMet, TooManyReferrals."""
    found = await uow.row(FIND_STANDING, of_observer=observer, of_subject=subject)
    if found and (found[1] or found[2]):
        raise AlreadyMet("This observer has dealt with them already and has a view of its own.")
    counted = await uow.run(COUNT_REFERRAL, of_observer=observer, of_subject=referrer)
    if not counted:
        raise TooManyReferrals(f"Nobody refers more than {REFERRALS_MAX} to one observer.")
