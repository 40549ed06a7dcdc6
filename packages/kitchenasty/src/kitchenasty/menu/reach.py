"""Whose menu it is: dishes of one house are its people's, shared ones the whole group's."""

from __future__ import annotations

from basis.errors import Forbidden
from kitchenasty.kit.books import Look


class NotYourMenu(Forbidden):
    """The dish belongs to another house, or to all of them."""


def check_reach(look: Look, house_id: str | None) -> None:
    """Raises NotYourMenu unless the actor may change what this house sells; None is every house."""
    actor = look.actor
    if not actor.is_staff or actor.house_ids is None:
        return
    if house_id is None:
        raise NotYourMenu("Every house sells this. Only who works for all of them can change it.")
    if house_id not in actor.house_ids:
        raise NotYourMenu("This belongs to the menu of another house.")
