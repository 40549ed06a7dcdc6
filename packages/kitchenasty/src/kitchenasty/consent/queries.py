"""Reading what is asked about cookies, and what was answered."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from basis.errors import NotFound
from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement
from kitchenasty.consent.models import CookieCategoryRow, CookieConsentRow, CookieQuestionRow
from kitchenasty.consent.records import Answer, Count, Question
from kitchenasty.consent.rules import CATEGORIES_MAX, Category, Notice, Script
from kitchenasty.kit.books import Look

VERSIONS_SHOWN = 20
FIELDS = (
    "id", "name", "label", "description", "cookies", "script_url", "script_site", "is_required",
    "is_active", "sort_order", "created_at", "updated_at",
)  # fmt: skip
SELECTED = tuple(getattr(CookieCategoryRow, name) for name in FIELDS)
ALL = Statement(
    select(*SELECTED)
    .order_by(CookieCategoryRow.sort_order, CookieCategoryRow.created_at, CookieCategoryRow.id)
    .limit(CATEGORIES_MAX)
)
VERSION = Statement(select(func.max(CookieQuestionRow.version)))
QUESTIONS = Statement(
    select(CookieQuestionRow.version, CookieQuestionRow.asked, CookieQuestionRow.created_at)
    .order_by(CookieQuestionRow.version.desc())
    .limit(bindparam("most", required=True))
)
COUNTED = Statement(
    select(CookieConsentRow.category_id, CookieConsentRow.accepted, func.count()).group_by(
        CookieConsentRow.category_id, CookieConsentRow.accepted
    )
)
ANSWER = (
    CookieConsentRow.id,
    CookieConsentRow.category_id,
    CookieConsentRow.category,
    CookieConsentRow.version,
    CookieConsentRow.accepted,
    CookieConsentRow.customer_id,
    CookieConsentRow.visitor,
    CookieConsentRow.created_at,
)
CONDITIONS = {
    "category_id": CookieConsentRow.category_id == bindparam("category_id", required=True),
    "accepted": CookieConsentRow.accepted == bindparam("accepted", required=True),
}


class CategoryNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such category of cookies.")


async def list_categories(look: Look) -> list[Category]:
    """All of them in their order, those that are switched off too."""
    return [category_of(row) for row in await look.rows(ALL)]


def category_of(row: tuple[Any, ...]) -> Category:
    found = dict(zip(FIELDS, row, strict=True))
    url, site = found.pop("script_url"), found.pop("script_site")
    script = Script(url, site) if url else None
    return Category(**found | {"cookies": tuple(found["cookies"])}, script=script)


async def load_category(look: Look, category_id: str) -> Category:
    """Raises CategoryNotFound."""
    for one in await list_categories(look):
        if one.id == category_id:
            return one
    raise CategoryNotFound


async def load_notice(look: Look) -> Notice:
    """What guests are told and asked now."""
    shown = tuple(one for one in await list_categories(look) if one.is_active)
    return Notice(int(await look.value(VERSION) or 0), shown)


async def list_questions(look: Look, most: int = VERSIONS_SHOWN) -> list[Question]:
    """The newest first."""
    return [Question(*row) for row in await look.rows(QUESTIONS, most=most)]


async def count_answers(look: Look) -> list[Count]:
    """For each category that is asked about; one statement for all."""
    counted = {(row[0], bool(row[1])): int(row[2]) for row in await look.rows(COUNTED)}
    return [
        Count(one, counted.get((one.id, True), 0), counted.get((one.id, False), 0))
        for one in await list_categories(look)
    ]


async def list_answers(
    look: Look, page: Page, *, category_id: str | None = None, accepted: bool | None = None
) -> tuple[list[Answer], int]:
    """The newest first, and how many there are."""
    given = {"category_id": category_id, "accepted": accepted}
    values = {name: value for name, value in given.items() if value is not None}
    shape = tuple(sorted(values))
    rows = await look.rows(listing(shape), **values, taken=page.limit, skipped=page.offset)
    return [Answer(*row) for row in rows], int(await look.value(counting(shape), **values))


@lru_cache
def listing(shape: tuple[str, ...]) -> Statement:
    return Statement(
        select(*ANSWER)
        .where(*(CONDITIONS[name] for name in shape))
        .order_by(CookieConsentRow.created_at.desc(), CookieConsentRow.id.desc())
        .limit(bindparam("taken", required=True))
        .offset(bindparam("skipped", required=True))
    )


@lru_cache
def counting(shape: tuple[str, ...]) -> Statement:
    some = select(func.count()).select_from(CookieConsentRow)
    return Statement(some.where(*(CONDITIONS[name] for name in shape)))
