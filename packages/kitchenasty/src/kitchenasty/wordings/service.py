"""Keeping owners' words, and going back to the usual ones."""

from __future__ import annotations

from basis.errors import Conflict, Invalid, NotFound
from basis.ids import new_id
from basis.kit.texts import one_line, paragraphs
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.notices import Pattern, Wording
from kitchenasty.wordings.checker import mistakes_in
from kitchenasty.wordings.queries import ADD, KeptWording, find_newest, find_version

NAME_LENGTH_MAX = 120


class WordingNotFound(NotFound):
    """There is no such kind of letters, language or version."""


class WordingHasMistakes(Invalid):
    """The sentence is the first mistake."""


class WordingChanged(Conflict):
    def __init__(self) -> None:
        super().__init__("Somebody else has changed these words meanwhile. Look at them again.")


async def load_wording(look: Look, pattern: Pattern, locale: str) -> tuple[Wording, int]:
    """What such letters say now, in the owner's words or the usual ones, and which version it is;
    0 is the first that was not written yet.
    """
    newest = await find_newest(look, pattern.key, locale)
    own = None if newest is None else newest.own
    return own or standard_in(pattern, locale), newest.number if newest else 0


def standard_in(pattern: Pattern, locale: str) -> Wording:
    language = current_locale.set(locale)
    try:
        return pattern.standard()
    finally:
        current_locale.reset(language)


async def change_wording(
    uow: UnitOfWork, pattern: Pattern, locale: str, wording: Wording, *, seen: int
) -> int:
    """Keep these words as the next version; its number. Raises WordingHasMistakes,
    WordingChanged.
    """
    mistakes = mistakes_in(pattern, wording)
    if mistakes:
        raise WordingHasMistakes(mistakes[0].words)
    kept = Wording(one_line(wording.subject), paragraphs(wording.body))
    now, _ = await load_wording(uow, pattern, locale)
    if kept == now:
        return seen
    own = None if kept == standard_in(pattern, locale) else kept
    return await add_version(uow, pattern, locale, own, seen=seen)


async def go_back_to_standard(uow: UnitOfWork, pattern: Pattern, locale: str, *, seen: int) -> int:
    """The usual words count again; what was written stays in the history. Raises WordingChanged."""
    newest = await find_newest(uow, pattern.key, locale)
    if newest is None or newest.own is None:
        return seen
    return await add_version(uow, pattern, locale, None, seen=seen)


async def restore_wording(
    uow: UnitOfWork, pattern: Pattern, locale: str, number: int, *, seen: int
) -> int:
    """Say again what was said then. Raises WordingNotFound, WordingHasMistakes, WordingChanged."""
    then = await find_version(uow, pattern.key, locale, number)
    if then is None:
        raise WordingNotFound("This version is not kept.")
    if then.own is None:
        return await go_back_to_standard(uow, pattern, locale, seen=seen)
    return await change_wording(uow, pattern, locale, then.own, seen=seen)


async def add_version(
    uow: UnitOfWork, pattern: Pattern, locale: str, own: Wording | None, *, seen: int
) -> int:
    """Of two who saw the same version one finds its number taken. Raises WordingChanged."""
    before = await find_newest(uow, pattern.key, locale)
    number = seen + 1
    is_as_seen = seen == (before.number if before else 0)
    if not is_as_seen or not await uow.run(
        ADD,
        id=new_id(),
        pattern=pattern.key,
        locale=locale,
        number=number,
        subject=own.subject if own else None,
        body=own.body if own else None,
        written_at=uow.now,
        written_by=uow.actor.name[:NAME_LENGTH_MAX],
    ):
        raise WordingChanged
    await audit.record(
        uow,
        action="update",
        entity="Wording",
        entity_id=f"{pattern.key}:{locale}",
        before=shown(before),
        after={"subject": own.subject, "body": own.body} if own else {"subject": None},
    )
    return number


def shown(before: KeptWording | None) -> dict[str, str | None] | None:
    return None if before is None else {"subject": before.subject, "body": before.body}
