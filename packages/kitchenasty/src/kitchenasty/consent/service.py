"""What a house asks its guests about cookies. What is asked is kept word for word, by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import bindparam, delete, update

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.sentences import word
from kitchenasty import audit, content
from kitchenasty.consent.models import CookieCategoryRow, CookieQuestionRow
from kitchenasty.consent.queries import list_categories, list_questions, load_category
from kitchenasty.consent.records import CategoryDraft
from kitchenasty.consent.rules import (
    CATEGORIES_MAX,
    Category,
    checked_cookies,
    checked_script,
    question_of,
    refuse_ours,
    refuse_unless,
)
from kitchenasty.kit.books import UnitOfWork

ENTITY = "CookieCategory"
FIELDS = ("name", "label", "description", "cookies", "is_required", "is_active", "sort_order")
ADD = insert_into(CookieCategoryRow)
CHANGE = Statement(
    update(CookieCategoryRow)
    .where(CookieCategoryRow.id == bindparam("category_id", required=True))
    .values(
        {name: bindparam(f"new_{name}", required=True) for name in FIELDS}
        | {"updated_at": bindparam("now", required=True)}
    )
)
TIE = Statement(
    update(CookieCategoryRow)
    .where(CookieCategoryRow.id == bindparam("category_id", required=True))
    .values(
        script_url=bindparam("url", required=True),
        script_site=bindparam("site", required=True),
        updated_at=bindparam("now", required=True),
    )
)
REMOVE = Statement(
    delete(CookieCategoryRow).where(CookieCategoryRow.id == bindparam("category_id", required=True))
)
ASK = insert_into(CookieQuestionRow)


class CategoryNameTaken(Conflict):
    def __init__(self) -> None:
        super().__init__("There is a category of this name already.")


async def add_category(uow: UnitOfWork, draft: CategoryDraft) -> Category:
    """Raises CategoryRefused, CategoryNameTaken."""
    await content.move_on(uow)
    known = await list_categories(uow)
    refuse_unless(len(known) < CATEGORIES_MAX, word("Nobody reads more than 20 categories."))
    draft = checked(draft, known)
    category_id = new_id()
    await uow.run(
        ADD, id=category_id, **asdict(draft), script_url=None, script_site="",
        created_at=uow.now, updated_at=uow.now,
    )  # fmt: skip
    await tell(uow, "create", category_id, None, asdict(draft))
    return await ask_anew(uow, category_id)


async def change_category(
    uow: UnitOfWork, category_id: str, changes: Mapping[str, Any]
) -> Category:
    """Raises CategoryNotFound, CategoryRefused, CategoryNameTaken."""
    # Everybody who changes something waits here for who came first, so no two versions are one.
    await content.move_on(uow)
    category = await load_category(uow, category_id)
    others = [one for one in await list_categories(uow) if one.id != category_id]
    before = CategoryDraft(**{name: getattr(category, name) for name in FIELDS})
    after = checked(replace(before, **changes), others)
    refuse_unless(
        not (after.is_required and category.script),
        word("What is fetched from elsewhere is not needed. Take its script away first."),
    )
    values = {f"new_{name}": value for name, value in asdict(after).items()}
    await uow.run(CHANGE, category_id=category_id, now=uow.now, **values)
    if after != before:
        await tell(uow, "update", category_id, asdict(before), asdict(after))
    return await ask_anew(uow, category_id)


async def set_script(uow: UnitOfWork, category_id: str, *, url: str, site: str) -> Category:
    """Say what pages fetch from elsewhere once a guest has agreed to the category; an empty address
    takes it away. It acts in the guest's name on these pages, so owners alone may do this.

    Raises CategoryNotFound, CategoryRefused.
    """
    await content.move_on(uow)
    category = await load_category(uow, category_id)
    script = checked_script(url, site)
    refuse_unless(
        script is None or not category.is_required,
        word("Guests must be able to decline what is fetched from elsewhere."),
    )
    after = {"url": script.url if script else None, "site": script.site if script else ""}
    known = category.script
    before = {"url": known.url if known else None, "site": known.site if known else ""}
    await uow.run(TIE, category_id=category_id, now=uow.now, **after)
    if after != before:
        await tell(uow, "update", category_id, before, after)
    return await ask_anew(uow, category_id)


async def remove_category(uow: UnitOfWork, category_id: str) -> None:
    """Ask about it no more; what guests have answered stays in the log. Raises CategoryNotFound."""
    await content.move_on(uow)
    category = await load_category(uow, category_id)
    await uow.run(REMOVE, category_id=category_id)
    await tell(uow, "delete", category_id, {"name": category.name, "label": category.label}, None)
    await keep_question(uow)


async def ask_anew(uow: UnitOfWork, category_id: str) -> Category:
    """The category as it is now, after the question was kept if it is another one."""
    await keep_question(uow)
    return await load_category(uow, category_id)


async def keep_question(uow: UnitOfWork) -> None:
    """Whoever answered another question is asked again: the version moves on with every word."""
    asked = question_of(await list_categories(uow))
    newest = next(iter(await list_questions(uow, most=1)), None)
    if asked != (newest.asked if newest else []):
        version = newest.version + 1 if newest else 1
        await uow.run(ASK, version=version, asked=asked, created_at=uow.now)


def checked(draft: CategoryDraft, others: list[Category]) -> CategoryDraft:
    """Raises CategoryRefused, CategoryNameTaken."""
    refuse_unless(
        draft.name.strip() and draft.label.strip() and draft.description.strip(),
        word("Please say how it is called and what it is for."),
    )
    if any(one.name == draft.name for one in others):
        raise CategoryNameTaken
    cookies = checked_cookies(draft.cookies)
    if not draft.is_required:
        refuse_ours(cookies)
    return replace(draft, cookies=cookies)


async def tell(
    uow: UnitOfWork,
    action: str,
    category_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    await audit.record(
        uow, action=action, entity=ENTITY, entity_id=category_id, before=before, after=after
    )
