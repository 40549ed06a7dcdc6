"""A letter is sent at least once while it is useful, whatever dies, and never lost in silence."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from basis.kit.testing import HandClock
from kitchenasty import notices
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.notices import Letter, MemoryPost, NoticeState, PostAway, PostRefused, Sender
from kitchenasty.notices.postman import LEASE_SECONDS

SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
RACERS = 8


async def write_note(_uow: UnitOfWork, facts: dict[str, Any], _sender: Sender) -> Letter | None:
    if facts.get("is_gone"):
        return None
    if facts.get("is_broken"):
        raise ValueError("no words")
    return Letter(subject=translate("Checkout"), paragraphs=(str(facts),))


def postman(books: Books, post: MemoryPost) -> notices.Postman:
    return notices.Postman(books, post, sender=SENDER, writers={"note": write_note})


async def ask(books: Books, to: str = "ada@guest.example", **facts: Any) -> str:
    locale = facts.pop("locale", None)
    async with books.writing() as uow:
        return await notices.send_notice(
            uow, "note", recipient=to, facts=facts, useful_for=timedelta(hours=1), locale=locale
        )


async def states(books: Books) -> list[NoticeState]:
    async with books.reading() as look:
        return [one.state for one in await notices.list_notices(look)]


async def test_of_many_postmen_one_sends_it(books: Books) -> None:
    post = MemoryPost()
    await ask(books)
    await asyncio.gather(*(postman(books, post).run_due() for _ in range(RACERS)))
    print(f"W5: {RACERS} postmen, 1 letter, {len(post.letters)} sent")
    assert len(post.letters) == 1
    assert await states(books) == [NoticeState.SENT]


async def test_nothing_is_sent_of_a_change_that_was_undone(books: Books) -> None:
    post = MemoryPost()

    async def change_our_mind() -> None:
        async with books.writing() as uow:
            await notices.send_notice(
                uow, "note", recipient="a@b.example", facts={}, useful_for=timedelta(hours=1)
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_our_mind()
    assert await postman(books, post).run_due() == 0


async def test_a_letter_whose_postman_died_is_sent_again_as_the_same_mail(
    books: Books, clock: HandClock
) -> None:
    """Killed between handing over and marking: the mail arrives twice, under one Message-ID."""

    class Killed(BaseException):
        pass

    class LastPost(MemoryPost):
        async def send(self, message: Any) -> None:
            await super().send(message)
            raise Killed

    post = LastPost()
    await ask(books)
    with pytest.raises(Killed):
        await postman(books, post).run_due()
    again = MemoryPost()
    assert await postman(books, again).run_due() == 0
    clock.advance(seconds=LEASE_SECONDS + 1)
    assert await postman(books, again).run_due() == 1
    assert again.letters[0]["message-id"] == post.letters[0]["message-id"]
    assert await states(books) == [NoticeState.SENT]


async def test_waits_longer_and_longer_while_it_helps(books: Books, clock: HandClock) -> None:
    post = MemoryPost(refusals=[PostRefused("451 later", is_final=False) for _ in range(30)])
    await ask(books)
    tries, started = 0, clock()
    while await states(books) == [NoticeState.WAITING]:
        tries += await postman(books, post).run_due()
        clock.advance(seconds=10)
    assert 5 <= tries <= 12
    assert clock() - started <= timedelta(hours=1, minutes=1)
    assert await states(books) == [NoticeState.GIVEN_UP]


async def test_a_refusal_for_good_is_not_tried_again_and_is_told(books: Books) -> None:
    post = MemoryPost(refusals=[PostRefused("550 no such box", is_final=True)])
    notice_id = await ask(books)
    await postman(books, post).run_due()
    async with books.reading() as look:
        assert (await notices.list_notices(look))[0].error == "550 no such box"
        assert (await notices.count_notices(look)).given_up == 1
    async with books.writing() as uow:
        await notices.send_again(uow, notice_id)
    await postman(books, post).run_due()
    assert await states(books) == [NoticeState.SENT]


async def test_a_closed_post_office_is_asked_once_and_not_for_each_letter(
    books: Books, clock: HandClock
) -> None:
    post = MemoryPost(refusals=[PostAway("refused")])
    for number in range(3):
        await ask(books, n=number)
    with pytest.raises(PostAway):
        await postman(books, post).run_due()
    assert post.letters == []
    clock.advance(seconds=20)
    assert await postman(books, post).run_due() == 3


async def test_a_letter_that_cannot_be_written_holds_up_nobody(books: Books) -> None:
    post = MemoryPost()
    await ask(books, is_broken=True)
    await ask(books)
    assert await postman(books, post).run_due() == 2
    assert len(post.letters) == 1


async def test_what_has_gone_or_become_useless_is_not_sent(books: Books, clock: HandClock) -> None:
    post = MemoryPost()
    await ask(books, is_gone=True)
    await postman(books, post).run_due()
    await ask(books)
    clock.advance(hours=2)
    await postman(books, post).run_due()
    assert post.letters == []
    assert await states(books) == [NoticeState.GIVEN_UP, NoticeState.NEEDLESS]


async def test_is_written_in_the_language_in_which_it_was_asked_for(books: Books) -> None:
    post = MemoryPost()
    await ask(books, locale="de")
    await ask(books)
    await postman(books, post).run_due()
    assert sorted(letter["subject"] for letter in post.letters) == ["Checkout", "Kasse"]


@pytest.mark.parametrize(
    "to", ["a@b.example\r\nBcc: x@y.example", "a@b", "a@b.example, c@d.example"]
)
async def test_what_is_no_address_gets_no_letter(books: Books, to: str) -> None:
    with pytest.raises(EmailRefused):
        await ask(books, to)


async def test_is_forgotten_after_a_month(books: Books, clock: HandClock) -> None:
    await ask(books)
    await postman(books, MemoryPost()).run_due()
    clock.advance(days=29)
    for left in (1, 0):
        async with books.writing() as uow:
            await notices.forget_old_notices(uow, {})
        assert len(await states(books)) == left
        clock.advance(days=2)
