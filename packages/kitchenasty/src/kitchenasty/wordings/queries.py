"""Statements about owners' words, and what they give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, tuple_

from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.kit.books import Look
from kitchenasty.notices import Wording
from kitchenasty.wordings.models import WordingRow

HISTORY_SHOWN = 50
COLUMNS = (
    WordingRow.pattern,
    WordingRow.locale,
    WordingRow.number,
    WordingRow.subject,
    WordingRow.body,
    WordingRow.written_at,
    WordingRow.written_by,
)
OF_KIND = (
    WordingRow.pattern == bindparam("of_pattern", required=True),
    WordingRow.locale == bindparam("of_locale", required=True),
)
ADD = insert_unless_there(WordingRow)
HISTORY = Statement(
    select(*COLUMNS)
    .where(*OF_KIND)
    .order_by(WordingRow.number.desc())
    .limit(bindparam("most", required=True))
)
THAT = Statement(
    select(*COLUMNS).where(*OF_KIND, WordingRow.number == bindparam("of_number", required=True))
)
NEWEST = select(WordingRow.pattern, WordingRow.locale, func.max(WordingRow.number)).group_by(
    WordingRow.pattern, WordingRow.locale
)
CURRENT = Statement(
    select(*COLUMNS).where(
        tuple_(WordingRow.pattern, WordingRow.locale, WordingRow.number).in_(NEWEST)
    )
)


@dataclass(frozen=True, slots=True)
class KeptWording:
    """One version, and who wrote it when."""

    pattern: str
    locale: str
    number: int
    subject: str | None
    body: str | None
    written_at: datetime
    written_by: str

    @property
    def own(self) -> Wording | None:
        """None where it says that the usual words count again."""
        return None if self.body is None else Wording(self.subject or "", self.body)


async def find_newest(look: Look, pattern: str, locale: str) -> KeptWording | None:
    row = await look.row(HISTORY, of_pattern=pattern, of_locale=locale, most=1)
    return None if row is None else KeptWording(*row)


async def find_version(look: Look, pattern: str, locale: str, number: int) -> KeptWording | None:
    row = await look.row(THAT, of_pattern=pattern, of_locale=locale, of_number=number)
    return None if row is None else KeptWording(*row)


async def list_history(look: Look, pattern: str, locale: str) -> list[KeptWording]:
    """The newest first."""
    rows = await look.rows(HISTORY, of_pattern=pattern, of_locale=locale, most=HISTORY_SHOWN)
    return [KeptWording(*row) for row in rows]


async def list_current(look: Look) -> dict[tuple[str, str], KeptWording]:
    """What counts now, by kind and language: at most one row for each."""
    found = [KeptWording(*row) for row in await look.rows(CURRENT)]
    return {(one.pattern, one.locale): one for one in found}
