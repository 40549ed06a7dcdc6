"""Owners' words are kept in versions, sent from then on, and the usual ones are never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from kitchenasty import audit, wordings
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.notices import MemoryPost, Postman, Sender, Wording, send_notice
from kitchenasty.wordings.models import WordingRow
from kitchenasty.wordings.tests.builders import KNOWN, WRITERS

ROSA = Principal(kind=Kind.STAFF, id="018f0000-0000-7000-8000-000000000001", name="Rosa")
SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
EN, DE = "en_GB", "de"
OURS = Wording("Good to see you again", "You have an account.\n\n{{ letter.button }}")
THEIRS = Wording("Welcome back", "We know you.\n\n{{ letter.button }}")


async def keep(books: Books, wording: Wording, *, seen: int, locale: str = EN) -> int:
    async with books.writing(ROSA) as uow:
        return await wordings.change_wording(uow, KNOWN, locale, wording, seen=seen)


async def posted(books: Books, locale: str) -> tuple[str, str]:
    """Subject and text of a letter that is sent now."""
    async with books.writing() as uow:
        await send_notice(
            uow, KNOWN.key, recipient="ada@guest.example", facts={},
            useful_for=timedelta(days=1), locale=locale,
        )  # fmt: skip
    post = MemoryPost()
    postman = Postman(books, post, sender=SENDER, writers=WRITERS, reword=wordings.reword)
    while await postman.run_due():
        pass
    [mail] = post.letters
    body = mail.get_body(("plain",))
    assert body is not None
    return str(mail["subject"]), body.get_content()


async def test_letters_say_what_the_owner_wrote_in_its_language_only(books: Books) -> None:
    assert await keep(books, OURS, seen=0) == 1
    subject, body = await posted(books, EN)
    assert subject == "Good to see you again"
    assert body.startswith("You have an account.\n")
    assert "https://juniper.example/forgotten" in body
    subject, _ = await posted(books, DE)
    assert subject == "Sie haben schon ein Konto"


async def test_goes_back_to_the_usual_words_and_keeps_the_others(books: Books) -> None:
    await keep(books, OURS, seen=0)
    async with books.writing(ROSA) as uow:
        assert await wordings.go_back_to_standard(uow, KNOWN, EN, seen=1) == 2
    assert (await posted(books, EN))[0] == "You have an account already"
    async with books.reading() as look:
        newest, first = await wordings.list_history(look, KNOWN.key, EN)
    assert newest.own is None
    assert first.own == OURS
    assert first.written_by == "Rosa"
    async with books.writing(ROSA) as uow:
        assert await wordings.restore_wording(uow, KNOWN, EN, 1, seen=2) == 3
    assert (await posted(books, EN))[0] == "Good to see you again"


async def test_words_with_mistakes_are_not_kept(books: Books) -> None:
    with pytest.raises(wordings.WordingHasMistakes, match=r"Nothing is known here under x\.y"):
        await keep(books, Wording("Hi", "{{ x.y }}"), seen=0)
    async with books.reading() as look:
        assert await wordings.list_history(look, KNOWN.key, EN) == []


async def test_the_same_words_again_are_no_version(books: Books) -> None:
    async with books.reading() as look:
        standard, number = await wordings.load_wording(look, KNOWN, EN)
    assert await keep(books, standard, seen=number) == 0
    await keep(books, OURS, seen=0)
    assert await keep(books, OURS, seen=1) == 1


async def test_the_usual_words_typed_again_follow_them_from_then_on(books: Books) -> None:
    async with books.reading() as look:
        standard, _ = await wordings.load_wording(look, KNOWN, EN)
    await keep(books, OURS, seen=0)
    await keep(books, standard, seen=1)
    async with books.reading() as look:
        newest, _ = await wordings.list_history(look, KNOWN.key, EN)
    assert newest.own is None


async def test_whoever_saw_an_older_version_is_told(books: Books) -> None:
    await keep(books, OURS, seen=0)
    with pytest.raises(wordings.WordingChanged):
        await keep(books, THEIRS, seen=0)


async def test_of_many_who_write_at_once_one_is_kept(books: Books) -> None:
    """Without the number being unique, and looked at, all of them would be."""
    words = [Wording(f"Subject {number}", OURS.body) for number in range(8)]
    done = await asyncio.gather(
        *(keep(books, one, seen=0) for one in words), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["WordingChanged"] * 7 + ["int"]
    async with books.reading() as look:
        assert len(await wordings.list_history(look, KNOWN.key, EN)) == 1


async def test_every_change_is_in_the_trail(books: Books) -> None:
    await keep(books, OURS, seen=0)
    async with books.reading() as look:
        [entry] = await audit.list_entries(look, entity="Wording", entity_id=f"{KNOWN.key}:{EN}")
    assert entry.actor_name == "Rosa"
    assert entry.after == {"subject": OURS.subject, "body": OURS.body}


async def test_words_that_nobody_can_read_any_more_hold_up_no_letter(books: Books) -> None:
    """An older version, or a hand in the database, may have left something."""
    await keep(books, OURS, seen=0)
    async with books.writing() as uow:
        await uow.session.execute(update(WordingRow).values(body="{{ broken"))
    assert (await posted(books, EN))[0] == "You have an account already"


async def test_lists_what_counts_now(books: Books) -> None:
    await keep(books, OURS, seen=0)
    await keep(books, THEIRS, seen=1)
    await keep(books, THEIRS, seen=0, locale=DE)
    async with books.reading() as look:
        current = await wordings.list_current(look)
    assert {key: one.number for key, one in current.items()} == {
        (KNOWN.key, EN): 2,
        (KNOWN.key, DE): 1,
    }


def test_patterns_are_told_in_the_language_that_is_spoken() -> None:
    language = current_locale.set(DE)
    try:
        assert KNOWN.standard().subject == "Sie haben schon ein Konto"
    finally:
        current_locale.reset(language)
