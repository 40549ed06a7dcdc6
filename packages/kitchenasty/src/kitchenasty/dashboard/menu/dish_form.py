"""A dish as it is typed on its page, and the draft that it stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import msgspec

from basis.errors import Invalid
from basis.kit.http.wire import amount
from kitchenasty import menu
from kitchenasty.dashboard.menu.cells import CellRefused, read_price, read_stock
from kitchenasty.dashboard.menu.seen import SeenForm
from kitchenasty.dashboard.typed_numbers import NumberUnreadable, whole_in

COMPONENTS_MAX = 12
WORK_MINUTES_MAX = 600
ORDER_TYPES = ("DELIVERY", "PICKUP")
Line = Annotated[str, msgspec.Meta(max_length=120)]
Short = Annotated[str, msgspec.Meta(max_length=40)]
Story = Annotated[str, msgspec.Meta(max_length=2_000)]
Ticked = Annotated[list[Annotated[str, msgspec.Meta(max_length=60)]], msgspec.Meta(max_length=100)]
Parts = Annotated[list[Line], msgspec.Meta(max_length=COMPONENTS_MAX)]


class DishForm(SeenForm, kw_only=True):
    """`declared` is ticked when the allergens are known; `more_marks` are marks of one's own.

    The parts of a set menu stand in three lists of one length.
    """

    PARAGRAPHS = frozenset({"description"})

    name: Line = ""
    description: Story = ""
    price: Short = ""
    deposit: Short = ""
    category: Short = ""
    tax_category: Short = ""
    marks: Ticked = []
    more_marks: Line = ""
    declared: Short = ""
    allergens: Ticked = []
    work_minutes: Short = ""
    order_type: Short = ""
    house: Short = ""
    closed_to: Ticked = []
    mealtimes: Ticked = []
    stock: Short = ""
    is86: Short = ""
    active: Short = ""
    part_name: Parts = []
    part_tax: Parts = []
    part_price: Parts = []


def form_of(entry: menu.DishDraft, currency: str, known_marks: tuple[str, ...]) -> DishForm:
    """The dish as one would type it; `seen` stays empty."""
    others = [mark for mark in entry.marks if mark not in known_marks]
    return DishForm(
        name=entry.name,
        description=entry.description or "",
        price=str(amount(entry.price_minor, currency)),
        deposit=str(amount(entry.deposit_minor, currency)) if entry.deposit_minor else "",
        category=entry.category_id,
        tax_category=entry.tax_category,
        marks=[mark for mark in entry.marks if mark in known_marks],
        more_marks=", ".join(others),
        declared="on" if entry.allergens is not None else "",
        allergens=list(entry.allergens or ()),
        work_minutes=str(entry.work_minutes),
        order_type=entry.order_type or "",
        house=entry.house_id or "",
        closed_to=list(entry.closed_to),
        mealtimes=list(entry.mealtime_ids),
        stock="" if entry.stock is None else str(entry.stock),
        is86="on" if entry.is_86 else "",
        active="on" if entry.is_active else "",
        part_name=[part.name for part in entry.components],
        part_tax=[part.tax_category for part in entry.components],
        part_price=[str(amount(part.price_minor, currency)) for part in entry.components],
    )


def draft_of(
    form: DishForm, slug: str, currency: str, known: menu.DishDraft | None
) -> menu.DishDraft:
    """What the form stands for. What it does not name stays as in the known dish.

    Raises CellRefused, NumberUnreadable, BadAmount, MenuRefused.
    """
    if not form.category:
        raise CellRefused("Please choose a category.", field="category")
    base = known or menu.DishDraft(name="", slug=slug, price_minor=0, category_id="")
    marks = [*form.marks, *(part.strip().lower() for part in form.more_marks.split(","))]
    return replace(
        base,
        name=form.name,
        description=form.description or None,
        price_minor=read_price(form.price, currency),
        deposit_minor=read_price(form.deposit or "0", currency),
        category_id=form.category,
        tax_category=form.tax_category or "standard",
        marks=tuple(dict.fromkeys(mark[:60] for mark in marks if mark))[:20],
        allergens=tuple(sorted(set(form.allergens))) if form.declared else None,
        work_minutes=minutes_in(form.work_minutes),
        order_type=form.order_type or None,
        house_id=form.house or None,
        closed_to=tuple(sorted(set(form.closed_to))),
        mealtime_ids=tuple(sorted(set(form.mealtimes))),
        stock=read_stock(form.stock),
        is_86=bool(form.is86),
        is_active=bool(form.active),
        components=parts_of(form, currency),
    )


def minutes_in(text: str) -> int:
    minutes = whole_in(text or "0")
    if minutes > WORK_MINUTES_MAX:
        raise NumberUnreadable("Please write a whole number, like 45.")
    return minutes


class PartsUnreadable(Invalid):
    """The parts of a set menu are not whole."""


def parts_of(form: DishForm, currency: str) -> tuple[menu.Component, ...]:
    """The lines that have a name. Raises PartsUnreadable, CellRefused."""
    if not len(form.part_name) == len(form.part_tax) == len(form.part_price):
        raise PartsUnreadable("Each part of a set menu has a name, a tax category and a price.")
    lines = zip(form.part_name, form.part_tax, form.part_price, strict=True)
    return tuple(
        menu.Component(name, tax or "standard", read_price(price or "0", currency))
        for name, tax, price in lines
        if name
    )


FIELDS_OF = {
    "price_minor": ("price",),
    "deposit_minor": ("deposit",),
    "category_id": ("category",),
    "marks": ("marks", "more_marks"),
    "allergens": ("declared", "allergens"),
    "house_id": ("house",),
    "mealtime_ids": ("mealtimes",),
    "is_86": ("is86",),
    "is_active": ("active",),
    "components": ("part_name", "part_tax", "part_price"),
}
