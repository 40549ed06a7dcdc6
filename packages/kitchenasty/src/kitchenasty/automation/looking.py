"""Which rules were asked about which event.

Of a thousand rules that are asked about an order almost all say no. So who was asked is kept once
for each event, as an audience: a set of versions that stays the same for as long as no rule is
changed. Only those that said more than no have a row of their own (`rule_runs`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import bindparam, delete, func, select

from basis.kit.data.statements import Statement, insert_unless_there, one_of
from kitchenasty.automation.models import (
    RuleAudienceMemberRow,
    RuleAudienceRow,
    RuleLookRow,
    RuleVersionRow,
)
from kitchenasty.kit.books import Look, UnitOfWork

NAMES = UUID("0b6a5f0e-8f57-4a0d-9d0b-2f6f3a4be1c7")
"""Under which sets of versions have their names."""
KEEP_AUDIENCE = insert_unless_there(RuleAudienceRow)
KEEP_MEMBER = insert_unless_there(RuleAudienceMemberRow)
KEEP_LOOK = insert_unless_there(RuleLookRow)
MEMBER, LOOK = RuleAudienceMemberRow, RuleLookRow
SEEN = Statement(
    select(MEMBER.version_id, LOOK.event_id)
    .join(LOOK, LOOK.audience_id == MEMBER.audience_id)
    .where(one_of(LOOK.event_id, "event_ids"))
)
COUNTS = Statement(
    select(LOOK.audience_id, func.count())
    .where(LOOK.ran_at >= bindparam("since", required=True))
    .group_by(LOOK.audience_id)
)
RULES_IN = Statement(
    select(MEMBER.audience_id, RuleVersionRow.rule_id)
    .join(RuleVersionRow, RuleVersionRow.id == MEMBER.version_id)
    .where(one_of(MEMBER.audience_id, "audience_ids"))
)
FORGET_LOOKS = Statement(delete(LOOK).where(LOOK.ran_at < bindparam("before", required=True)))
FORGET_AUDIENCES = Statement(
    delete(RuleAudienceRow).where(
        ~select(LOOK.event_id).where(LOOK.audience_id == RuleAudienceRow.id).exists()
    )
)


@dataclass(frozen=True, slots=True)
class Audience:
    """A set of versions that are asked about the same events, by the name that is made from it."""

    id: str
    version_ids: tuple[str, ...]

    @classmethod
    def of(cls, version_ids: Iterable[str]) -> Audience:
        members = tuple(sorted(version_ids))
        return cls(str(uuid5(NAMES, " ".join(members))), members)

    def without(self, version_ids: Collection[str]) -> Audience:
        if not version_ids:
            return self
        return Audience.of(one for one in self.version_ids if one not in version_ids)


async def keep_looks(uow: UnitOfWork, looks: Iterable[tuple[str, Audience]]) -> None:
    """Of each event who was asked about it, whatever they said."""
    asked = [(event_id, audience) for event_id, audience in looks if audience.version_ids]
    for audience in {audience.id: audience for _, audience in asked}.values():
        if await uow.run(KEEP_AUDIENCE, id=audience.id):
            members = [
                {"audience_id": audience.id, "version_id": one} for one in audience.version_ids
            ]
            await uow.many(KEEP_MEMBER, members)
    await uow.many(
        KEEP_LOOK,
        [
            {"event_id": event_id, "audience_id": audience.id, "ran_at": uow.now}
            for event_id, audience in asked
        ],
    )


async def list_seen(look: Look, event_ids: Sequence[str]) -> dict[str, set[str]]:
    """Which versions have looked at these events already, by event."""
    found: dict[str, set[str]] = {}
    for version_id, event_id in await look.rows(SEEN, event_ids=event_ids):
        found.setdefault(event_id, set()).add(version_id)
    return found


async def count_looks(look: Look, since: datetime) -> dict[str, int]:
    """How often each rule was asked."""
    counts = {row[0]: row[1] for row in await look.rows(COUNTS, since=since)}
    found: dict[str, int] = {}
    for audience_id, rule_id in await look.rows(RULES_IN, audience_ids=sorted(counts)):
        found[rule_id] = found.get(rule_id, 0) + counts[audience_id]
    return found


async def forget_looks(uow: UnitOfWork, before: datetime) -> None:
    """And the sets of versions that nobody looks with any more."""
    await uow.run(FORGET_LOOKS, before=before)
    await uow.run(FORGET_AUDIENCES)
