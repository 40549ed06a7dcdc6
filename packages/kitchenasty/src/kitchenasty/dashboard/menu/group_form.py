"""An option group as it is typed on its page, and the draft that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from basis.errors import Invalid
from basis.kit.http.wire import MAJOR_MAX, Form, amount, bounded_minor
from basis.kit.texts import decimal_in
from kitchenasty import menu
from kitchenasty.dashboard.menu.cells import CellRefused, Legend
from kitchenasty.dashboard.typed_numbers import whole_in

VALUES_MAX = 60
CHOICES_MAX = 100
Line = Annotated[str, msgspec.Meta(max_length=120)]
Short = Annotated[str, msgspec.Meta(max_length=40)]
Long = Annotated[str, msgspec.Meta(max_length=600)]
Seen = Annotated[str, msgspec.Meta(max_length=100_000)]
Ids = Annotated[list[Short], msgspec.Meta(max_length=500)]
Names = Annotated[list[Line], msgspec.Meta(max_length=VALUES_MAX)]
Shorts = Annotated[list[Short], msgspec.Meta(max_length=VALUES_MAX)]
Longs = Annotated[list[Long], msgspec.Meta(max_length=VALUES_MAX)]


class GroupUnreadable(Invalid):
    """The lines of values are not whole."""


class GroupForm(Form, kw_only=True):
    """The values stand in lists of one length; `defaults` are places in them, from 0."""

    VERBATIM = frozenset({"seen"})

    name: Line = ""
    display: Short = "SELECT"
    required: Short = ""
    least: Short = "0"
    most: Short = "1"
    value_id: Shorts = []
    value_name: Names = []
    value_price: Shorts = []
    value_allergens: Longs = []
    value_place: Shorts = []
    defaults: Shorts = []
    dishes: Ids = []
    seen: Seen = ""


def form_of(draft: menu.GroupDraft, dish_ids: Sequence[str], legend: Legend) -> GroupForm:
    """The group as one would type it; `seen` stays empty."""
    values = draft.values
    return GroupForm(
        name=draft.name,
        display=draft.display,
        required="on" if draft.is_required else "",
        least=str(draft.min_select),
        most=str(draft.max_select),
        value_id=[value.id or "" for value in values],
        value_name=[value.name for value in values],
        value_price=[str(amount(value.modifier_minor, legend.currency)) for value in values],
        value_allergens=[legend.allergens_text(value.allergens) for value in values],
        value_place=[str(place) for place in range(1, len(values) + 1)],
        defaults=[str(place) for place, value in enumerate(values) if value.is_default],
        dishes=list(dish_ids),
    )


def draft_of(form: GroupForm, group_id: str | None, legend: Legend) -> menu.GroupDraft:
    """Lines without a name go; the others stand by their places.

    Raises GroupUnreadable, CellRefused, NumberUnreadable, BadAmount.
    """
    if form.display not in set(menu.Display):
        raise GroupUnreadable("Please choose how the options are shown.")
    lists = (form.value_name, form.value_price, form.value_allergens, form.value_place)
    if {len(one) for one in lists} != {len(form.value_id)}:
        raise GroupUnreadable("Each value has a name, a price, allergens and a place.")
    lines = [
        (place_in(form.value_place[at], at), at) for at, name in enumerate(form.value_name) if name
    ]
    return menu.GroupDraft(
        id=group_id,
        name=form.name,
        display=menu.Display(form.display),
        is_required=bool(form.required),
        min_select=bounded_in(form.least),
        max_select=max(1, bounded_in(form.most)),
        values=tuple(value_of(form, at, legend) for _, at in sorted(lines)),
    )


def value_of(form: GroupForm, at: int, legend: Legend) -> menu.ValueDraft:
    return menu.ValueDraft(
        id=form.value_id[at] or None,
        name=form.value_name[at],
        modifier_minor=change_in(form.value_price[at], legend.currency),
        is_default=str(at) in form.defaults,
        allergens=legend.read_allergens(form.value_allergens[at]) or (),
    )


def place_in(text: str, at: int) -> int:
    """Doubled, so that a line without a number stands between two: where it was typed."""
    return 2 * whole_in(text) if text else 2 * at + 3


def bounded_in(text: str) -> int:
    number = whole_in(text or "0")
    if number > CHOICES_MAX:
        raise GroupUnreadable("At most 100 can be chosen.")
    return number


def change_in(text: str, currency: str) -> int:
    """What a value adds to the price, or with a minus takes off."""
    value = decimal_in(text or "0")
    if value is None:
        raise CellRefused("Please write a price like 10 or 12.50.", field="price")
    return bounded_minor(value, currency, least=-MAJOR_MAX)


def seen_draft(form: GroupForm, group_id: str, legend: Legend) -> menu.GroupDraft | None:
    """The group as it was given out; None if that is not told."""
    try:
        return draft_of(msgspec.json.decode(form.seen, type=GroupForm), group_id, legend)
    except (msgspec.MsgspecError, RecursionError, Invalid):
        return None
