"""A category as it is typed on its page, and the draft that it stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import msgspec

from kitchenasty import menu
from kitchenasty.dashboard.menu.seen import SeenForm

Line = Annotated[str, msgspec.Meta(max_length=120)]
Short = Annotated[str, msgspec.Meta(max_length=40)]
Ticked = Annotated[list[Short], msgspec.Meta(max_length=60)]
FIELDS_OF = {
    "parent_id": ("parent",),
    "house_id": ("house",),
    "is_active": ("active",),
    "mealtime_ids": ("mealtimes",),
}


class CategoryForm(SeenForm, kw_only=True):
    """`mealtimes` are ids; none means whenever the house is open."""

    PARAGRAPHS = frozenset({"description"})

    name: Line = ""
    description: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    parent: Short = ""
    house: Short = ""
    active: Short = ""
    mealtimes: Ticked = []


def form_of(entry: menu.CategoryDraft) -> CategoryForm:
    """The category as one would type it; `seen` stays empty."""
    return CategoryForm(
        name=entry.name,
        description=entry.description or "",
        parent=entry.parent_id or "",
        house=entry.house_id or "",
        active="on" if entry.is_active else "",
        mealtimes=list(entry.mealtime_ids),
    )


def draft_of(form: CategoryForm, base: menu.CategoryDraft) -> menu.CategoryDraft:
    """What the form stands for. What it does not name stays as in the base."""
    return replace(
        base,
        name=form.name,
        description=form.description or None,
        parent_id=form.parent or None,
        house_id=form.house or None,
        is_active=bool(form.active),
        mealtime_ids=tuple(sorted(set(form.mealtimes))),
    )
