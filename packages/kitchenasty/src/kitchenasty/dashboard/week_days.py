"""Days of the week as forms offer them: numbers from 0, which is Sunday, shown from Monday."""

from __future__ import annotations

from collections.abc import Collection

from basis.sentences import word
from kitchenasty.kit.http.i18n import translate

DAY_WORDS = (
    word("Sun"),
    word("Mon"),
    word("Tue"),
    word("Wed"),
    word("Thu"),
    word("Fri"),
    word("Sat"),
)
FROM_MONDAY = (1, 2, 3, 4, 5, 6, 0)


def day_choices() -> list[tuple[str, str]]:
    return [(str(day), translate(DAY_WORDS[day])) for day in FROM_MONDAY]


def days_in(ticked: Collection[str]) -> tuple[int, ...]:
    return tuple(sorted({int(day) for day in ticked if day in set("0123456")}))


def told_days(days: Collection[int]) -> str:
    if len(days) == len(DAY_WORDS):
        return translate("Every day")
    return ", ".join(translate(DAY_WORDS[day]) for day in FROM_MONDAY if day in days)
