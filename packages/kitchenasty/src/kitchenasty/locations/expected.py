"""Who is expected at tables, and the refusal to pass over them unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from sqlalchemy import Integer, String, bindparam, column, func, select, table

from basis.errors import Conflict
from basis.kit.data.columns import IdType, UtcDateTime
from basis.kit.data.statements import Statement, one_of
from basis.sentences import Sentence
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.principals import Kind

NAMED_MAX = 5
# Reservations and the tables kept for them are not ours to import; only who comes is said.
STAYS = table(
    "table_stays",
    column("table_id", IdType),
    column("reservation_id", IdType),
    column("ends_at", UtcDateTime),
)
PARTIES = table(
    "reservations",
    column("id", IdType),
    column("guest_name", String),
    column("party", Integer),
    column("starts_at", UtcDateTime),
)
ALL_THEIRS = STAYS.alias("all_theirs")
EXPECTED = Statement(
    select(
        PARTIES.c.id,
        PARTIES.c.guest_name,
        PARTIES.c.party,
        PARTIES.c.starts_at,
        STAYS.c.table_id,
        select(func.count())
        .where(ALL_THEIRS.c.reservation_id == PARTIES.c.id)
        .correlate(PARTIES)
        .scalar_subquery(),
    )
    .join(PARTIES, PARTIES.c.id == STAYS.c.reservation_id)
    .where(
        one_of(STAYS.c.table_id, "table_ids"),
        STAYS.c.ends_at > bindparam("now", required=True),
    )
    .order_by(PARTIES.c.starts_at, PARTIES.c.id, STAYS.c.table_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedParty:
    """Who has one of the tables that were asked for, now or later. `table_ids` are those of them,
    `tables` is how many they have in all.
    """

    reservation_id: str
    name: str
    party: int
    starts_at: datetime
    table_ids: tuple[str, ...]
    tables: int


class TableExpected(Conflict):
    """Somebody is expected at the table; the sentence says who and when."""

    def __init__(self, parties: Sequence[ExpectedParty], zone: str) -> None:
        named = ", ".join(say_party(one, zone) for one in parties[:NAMED_MAX])
        more = len(parties) - NAMED_MAX
        super().__init__(
            Sentence.of(
                "Still expected here: {parties}. Give them another table first, or let them keep "
                "this one.",
                parties=Sentence.of("{parties} and {count} more", parties=named, count=more)
                if more > 0
                else named,
            ),
            parties=[
                {"reservationId": one.reservation_id, "startsAt": one.starts_at.isoformat()}
                for one in parties
            ],
        )


async def list_expected(look: Look, table_ids: Sequence[str]) -> list[ExpectedParty]:
    """Who is at one of these tables or still to come there, by time. Names are for people who work
    here: a key that may change tables need not be one that may read guests.
    """
    found: dict[tuple[str, str, int, datetime, int], list[str]] = defaultdict(list)
    for *party, table_id, count in await look.rows(
        EXPECTED, table_ids=list(table_ids), now=look.now
    ):
        found[party[0], party[1], party[2], party[3], count].append(table_id)
    is_person = look.actor.kind is Kind.STAFF
    return [
        ExpectedParty(
            reservation_id=reservation_id,
            name=name if is_person else "",
            party=party,
            starts_at=starts_at,
            table_ids=tuple(ids),
            tables=count,
        )
        for (reservation_id, name, party, starts_at, count), ids in found.items()
    ]


def say_party(one: ExpectedParty, zone: str) -> str:
    """`Fri, 17 May 19:00 Anna Berg (4)`."""
    wall = one.starts_at.astimezone(ZoneInfo(zone))
    day = format_skeleton("MMMEd", wall.date(), locale=current_locale.get())
    return f"{day} {wall:%H:%M} {one.name} ({one.party})".replace("  ", " ")
