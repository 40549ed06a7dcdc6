"""A question that was asked and answered."""

from __future__ import annotations

from kitchenasty import consent
from kitchenasty.kit.books import UnitOfWork


async def ask_about_cookies(uow: UnitOfWork) -> dict[str, dict[str, str]]:
    """A category that guests are asked about, and an answer; the key of each row by its table."""
    draft = consent.CategoryDraft(name="statistics", label="Statistics", description="How many.")
    category = await consent.add_category(uow, draft)
    [said] = await consent.answer_some(uow, {category.id: True})
    return {
        "cookie_categories": {"id": category.id},
        "cookie_questions": {"version": str(said.version)},
        "cookie_consents": {"id": said.id},
    }
