"""Phones are told while it is of use: by one of many workers, encrypted and with a proof that is
right, again when their service is busy, and never again when it says that they are gone (W5, S1).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import bindparam, select

from basis.ids import new_id
from basis.kit.data.statements import Statement
from basis.kit.secret import Secret
from basis.kit.testing import HandClock
from kitchenasty import push, settings
from kitchenasty.kit.books import Books, open_books
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.identity.sessions import (
    SessionKind,
    SessionRow,
    end_sessions_of,
    open_session,
)
from kitchenasty.kit.principals import Kind
from kitchenasty.push.service import FOLLOWERS_MAX, KEPT_DAYS, forget_old_followers
from kitchenasty.push.tests.builders import (
    HERE,
    Browser,
    follow,
    follows,
    order,
    public_key,
    push_service,
    read_token,
    tell,
    worker,
)

pytestmark = pytest.mark.enable_socket
RACERS = 8
SESSION_OF = Statement(
    select(SessionRow.id).where(SessionRow.subject_id == bindparam("staff_id", required=True))
)


@pytest.fixture(autouse=True)
def _may_call_this_machine(books: Books) -> None:
    books.given = {"OUTGOING_NETWORKS": HERE, "PUBLIC_URL": "https://juniper.example"}


async def test_of_many_workers_one_tells_a_phone_what_it_alone_can_read(
    books: Books, clock: HandClock
) -> None:
    subject = order(new_id())
    async with push_service(clock) as service:
        service.public_key = await public_key(books)
        browser = service.browser()
        await follow(books, browser.phone, subject)
        assert await tell(books, subject) == 1
        await asyncio.gather(*(worker(books).run_due() for _ in range(RACERS)))
        [got] = service.got
    assert browser.open(got.body) == {
        "title": "Juniper",
        "body": "Checkout",
        "link": "/t/x",
        "tag": "note",
    }
    assert service.is_proved(got)
    assert b"Checkout" not in got.body
    assert got.headers["content-encoding"] == "aes128gcm"
    assert (got.headers["ttl"], got.headers["urgency"]) == ("3600", "high")
    assert len(got.headers["topic"]) == 32
    assert "cookie" not in got.headers


async def test_what_happened_twice_is_told_once_and_to_each_who_follows(books: Books) -> None:
    subject = order(new_id())
    async with push_service() as service:
        for name in "abc":
            await follow(books, service.browser(name).phone, subject)
        await follow(books, service.browser("d").phone, order(new_id()))
        await asyncio.gather(*(tell(books, subject) for _ in range(RACERS)))
        await worker(books).run_due()
    assert sorted(one.path for one in service.got) == ["/send/a", "/send/b", "/send/c"]


async def test_each_reads_it_in_the_language_of_their_visit(books: Books) -> None:
    subject = order(new_id())
    async with push_service() as service:
        browser = service.browser()
        token = current_locale.set("de")
        await follow(books, browser.phone, subject)
        current_locale.reset(token)
        await tell(books, subject)
        await worker(books).run_due()
    assert browser.open(service.got[0].body)["body"] == "Kasse"


@pytest.mark.parametrize("status", [404, 410])
async def test_a_phone_that_is_gone_is_forgotten_with_all_that_it_followed(
    books: Books, status: int
) -> None:
    subject, other = order(new_id()), order(new_id())
    async with push_service() as service:
        phone = service.browser().phone
        for one in (subject, other):
            await follow(books, phone, one)
        service.answers = [(status, {})]
        await tell(books, subject)
        await worker(books).run_due()
    assert not await follows(books, phone, subject)
    assert not await follows(books, phone, other)
    assert await tell(books, other, "two") == 0


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_service_is_asked_again_and_not_before_it_wants(
    books: Books, clock: HandClock, status: int
) -> None:
    subject = order(new_id())
    async with push_service() as service:
        await follow(books, service.browser().phone, subject)
        service.answers = [(status, {"retry-after": "600"}), (status, {})]
        await tell(books, subject)
        await worker(books).run_due()
        clock.advance(seconds=599)
        assert await worker(books).run_due() == 0
        clock.advance(seconds=2)
        await worker(books).run_due()
        clock.advance(minutes=2)
        await worker(books).run_due()
        clock.advance(hours=1)
        assert await worker(books).run_due() == 0
    assert len(service.got) == 3
    assert len({one.headers["topic"] for one in service.got}) == 1


async def test_a_date_in_retry_after_counts_too(books: Books, clock: HandClock) -> None:
    subject = order(new_id())
    async with push_service() as service:
        await follow(books, service.browser().phone, subject)
        again_at = clock.now + timedelta(minutes=20)
        service.answers = [(429, {"retry-after": format_datetime(again_at, usegmt=True)})]
        await tell(books, subject)
        await worker(books).run_due()
        clock.advance(minutes=19)
        assert await worker(books).run_due() == 0
        clock.advance(minutes=2)
        await worker(books).run_due()
    assert len(service.got) == 2


async def test_what_is_of_no_use_any_more_is_not_tried_again(
    books: Books, clock: HandClock
) -> None:
    subject = order(new_id())
    async with push_service() as service:
        await follow(books, service.browser().phone, subject)
        service.answers = [(503, {"retry-after": "7200"})]
        await tell(books, subject)
        await worker(books).run_due()
        await tell(books, subject, "two")
        clock.advance(hours=2)
        await worker(books).run_due()
    assert len(service.got) == 1


async def test_a_service_that_nobody_reaches_is_tried_again(books: Books, clock: HandClock) -> None:
    subject = order(new_id())
    async with push_service() as service:
        away = service.browser()
    async with books.writing() as uow:
        await push.follow(uow, away.phone, subject)
    await tell(books, subject)
    await worker(books).run_due()
    clock.advance(minutes=1)
    assert await worker(books).run_due() == 1
    assert await follows(books, away.phone, subject)


async def test_nobody_in_the_houses_own_network_is_called(books: Books) -> None:
    """Whoever asks to be told names an address; one that leads inside is called by nobody."""
    subject = order(new_id())
    async with push_service() as service:
        port = service.url.rpartition(":")[2]
        books.given = {}
        inside = [
            Browser(f"{scheme}://{host}/send/{number}")
            for number, (scheme, host) in enumerate(
                (scheme, host)
                for scheme in ("http", "https")
                for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}")
            )
        ]
        for browser in inside:
            await follow(books, browser.phone, subject)
        assert await tell(books, subject) == len(inside)
        await worker(books).run_due()
        assert service.got == []
    assert [await follows(books, one.phone, subject) for one in inside] == [False] * len(inside)


async def test_a_proof_that_is_refused_is_not_repeated(books: Books, clock: HandClock) -> None:
    subject = order(new_id())
    async with push_service() as service:
        service.public_key = "of another server"
        await follow(books, service.browser().phone, subject)
        await tell(books, subject)
        await worker(books).run_due()
        clock.advance(minutes=30)
        await worker(books).run_due()
    assert len(service.got) == 1


async def test_what_the_writer_finds_gone_is_not_sent(books: Books) -> None:
    subject = order(new_id())
    async with push_service() as service:
        await follow(books, service.browser().phone, subject)
        await tell(books, subject, is_gone=True)
        await worker(books).run_due()
    assert service.got == []


async def test_who_left_before_it_was_sent_is_not_told(books: Books) -> None:
    subject = order(new_id())
    async with push_service() as service:
        phone = service.browser().phone
        await follow(books, phone, subject)
        await tell(books, subject)
        async with books.writing() as uow:
            await push.leave(uow, phone.endpoint, subject)
        await worker(books).run_due()
    assert service.got == []


async def test_who_signed_out_is_told_no_more(books: Books) -> None:
    subject, staff_id = push.Subject(push.About.KITCHEN, new_id()), new_id()
    async with books.writing() as uow:
        await open_session(uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=staff_id)
        session_id = await uow.value(SESSION_OF, staff_id=staff_id)
    async with push_service() as service:
        phone = service.browser().phone
        await follow(books, phone, subject, session_id=session_id)
        assert await tell(books, subject) == 1
        await worker(books).run_due()
        await tell(books, subject, "two")
        async with books.writing() as uow:
            await end_sessions_of(uow, subject_kind=Kind.STAFF, subject_id=staff_id)
        await worker(books).run_due()
        assert await tell(books, subject, "three") == 0
    assert len(service.got) == 1


async def test_so_many_phones_follow_one_thing_and_no_more(books: Books) -> None:
    subject = order(new_id())
    for number in range(FOLLOWERS_MAX):
        await follow(books, Browser(f"https://push.example/{number}").phone, subject)
    with pytest.raises(push.TooManyFollow):
        await follow(books, Browser("https://push.example/more").phone, subject)
    await follow(books, Browser("https://push.example/0").phone, subject)
    assert await tell(books, subject) == FOLLOWERS_MAX


@pytest.mark.parametrize(
    "endpoint",
    ["", "leek", "ftp://push.example/", "https://a@push.example/", "https://0x7f.1/", "//push"],
)
async def test_what_is_no_address_is_refused(books: Books, endpoint: str) -> None:
    with pytest.raises(push.EndpointRefused):
        await follow(books, Browser(endpoint).phone, order(new_id()))


async def test_keys_are_made_once_kept_sealed_and_made_anew_for_another_secret(
    books: Books,
) -> None:
    made = set(await asyncio.gather(*(public_key(books) for _ in range(RACERS))))
    assert len(made) == 1
    assert await public_key(books) in made
    subject, phone = order(new_id()), Browser("https://push.example/a").phone
    await follow(books, phone, subject)
    other = open_books(
        books.database, books.clock, Secret("another-3Jf9-2mXq7Wz-Lr5Tn8Vb1Yc6Hd4Gs0")
    )
    assert await public_key(other) not in made
    assert not await follows(books, phone, subject)


async def test_the_contact_of_the_house_is_named_to_services(books: Books) -> None:
    subject = order(new_id())
    async with push_service() as service:
        await follow(books, service.browser().phone, subject)
        await tell(books, subject)
        await worker(books).run_due()
        async with books.writing() as uow:
            await settings.change(uow, settings.GENERAL, {"contactEmail": "hi@juniper.example"})
        await tell(books, subject, "two")
        await worker(books).run_due()
    said = []
    for one in service.got:
        parts = dict(
            part.strip().split("=", 1)
            for part in one.headers["authorization"].removeprefix("vapid ").split(",")
        )
        said.append(read_token(parts["t"], parts["k"])["sub"])
    assert said == ["https://juniper.example", "mailto:hi@juniper.example"]


async def test_phones_are_forgotten_in_the_end(books: Books, clock: HandClock) -> None:
    subject, phone = order(new_id()), Browser("https://push.example/a").phone
    await follow(books, phone, subject)
    for days, is_there in ((KEPT_DAYS, True), (1, False)):
        clock.advance(days=days)
        async with books.writing() as uow:
            await forget_old_followers(uow, {})
        assert await follows(books, phone, subject) is is_there
