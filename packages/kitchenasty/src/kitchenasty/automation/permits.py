"""Which of the guests that rules would write to may be sent advertising."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from basis.facts import Facts
from kitchenasty import adverts
from kitchenasty.adverts import Way
from kitchenasty.automation.planning import Verdicts
from kitchenasty.automation.rules import Reach
from kitchenasty.kit.books import Look

WAYS = {Reach.MAIL: Way.MAIL, Reach.PHONE: Way.TEXT, Reach.ACCOUNT: Way.PUSH}
REACHES = {way: reach for reach, way in WAYS.items()}


async def load_verdicts(look: Look, looking: Iterable[tuple[Collection[Reach], Facts]]) -> Verdicts:
    """Of the guests in these facts, by the ways in which rules advertise to them. Nothing is asked
    where no rule does: of a thousand that look at an order few advertise.
    """
    asked = {
        (WAYS[reach], str(facts[f"guest.{reach}"]))
        for reaches, facts in looking
        for reach in reaches
        if facts.get(f"guest.{reach}")
    }
    verdicts = await adverts.find_verdicts(look, asked)
    return {(REACHES[way], address): why for (way, address), why in verdicts.items()}
