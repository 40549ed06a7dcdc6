"""Rules advertise to guests who may be sent it, and say of the others why they were left out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kitchenasty import adverts, automation, guests, locations
from kitchenasty.adverts import NEVER_AGREED, Basis, Way
from kitchenasty.adverts.tests.builders import advertise_to, agree, spoken
from kitchenasty.automation.doors import LETTERS, PUSHES, TEXTS
from kitchenasty.automation.planning import WINS_BACK
from kitchenasty.automation.rules import Step, Written
from kitchenasty.automation.tests.happenings import (
    ENGINE,
    SERVER,
    count,
    keep,
    make_ready,
    runs_of,
    settle,
)
from kitchenasty.kit.books import Books
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.push import About, Subject
from kitchenasty.push.tests.builders import HERE, errands, follow, push_service
from kitchenasty.texting import MemoryCarrier
from kitchenasty.texting.tests.builders import errand, switch_on

AT_PASS = 'order.status = "READY"'
WORDS = {"subject": "New", "body": "Dear {{ guest.name }}"}
MAIL = Step("advertising", "customer", WORDS)
COUPON = Step("coupon", "customer", {"percent": "10", "days": "30", **WORDS})
TEXT = Step("sms-advertising", "customer", {"body": "New"})
PUSH = Step("push-advertising", "customer", {"title": "New", "body": "Soup"})
NUMBER = "+49305550101"
SENDER = Sender("house@bistro.example", "Bistro", "https://bistro.example")


@pytest.fixture(autouse=True)
def _has_a_mail_server(books: Books) -> None:
    books.given = SERVER


async def serve(books: Books, house: locations.House, **fields: Any) -> None:
    await make_ready(books, house, **fields)
    await settle(books)


async def errors_of(books: Books, rule_id: str) -> list[str | None]:
    return [one.error for run in await runs_of(books, rule_id) for one in run.effects]


async def post(books: Books) -> list[Any]:
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=LETTERS).run_due():
        pass
    return office.letters


async def register(books: Books) -> guests.Guest:
    newcomer = guests.NewGuest(email="tom@guest.example", name="Tom")
    async with books.writing() as uow:
        return await guests.register_guest(uow, newcomer, password_hash="none")


@pytest.mark.parametrize("step", [MAIL, COUPON, TEXT, PUSH], ids=lambda step: str(step.kind))
async def test_who_has_not_agreed_is_left_out_and_the_trace_says_why(
    books: Books, house: locations.House, step: Step
) -> None:
    await advertise_to(books, Basis.CUSTOMERS)
    rule_id = await keep(books, step, when=AT_PASS)
    await serve(books, house, customer_id=(await register(books)).id)
    assert await errors_of(books, rule_id) == [NEVER_AGREED]
    tables = ("notices", "text_messages", "coupons")
    assert [await count(books, table) for table in tables] == [0, 0, 0]


async def test_who_agreed_is_written_to_and_told_where_it_ends(
    books: Books, house: locations.House
) -> None:
    await agree(books)
    rule_id = await keep(books, MAIL, COUPON, when=AT_PASS)
    await serve(books, house)
    assert await errors_of(books, rule_id) == [None, None]
    letters = await post(books)
    assert len(letters) == 2
    assert all("/u/" in letter["list-unsubscribe"] for letter in letters)


async def test_a_no_that_comes_before_the_letter_leaves_stops_it(
    books: Books, house: locations.House
) -> None:
    await agree(books)
    await keep(books, MAIL, COUPON, when=AT_PASS)
    await serve(books, house)
    async with books.writing() as uow:
        await adverts.object_to(uow, spoken())
    assert await post(books) == []


async def test_a_text_that_advertises_says_where_it_ends(
    books: Books, house: locations.House
) -> None:
    await switch_on(books)
    await agree(books, NUMBER, Way.TEXT)
    await keep(books, TEXT, when=AT_PASS)
    await make_ready(books, house)
    carrier = MemoryCarrier()
    await settle(books, ENGINE, errand(carrier, TEXTS))
    [text] = carrier.texts
    assert "https://bistro.example/account/adverts" in text.body


@pytest.mark.enable_socket
async def test_the_phones_of_an_account_that_agreed_show_it(
    books: Books, house: locations.House
) -> None:
    books.given = {**SERVER, "OUTGOING_NETWORKS": HERE}
    guest = await register(books)
    await agree(books, guest.id, Way.PUSH)
    await keep(books, PUSH, when=AT_PASS)
    async with push_service() as service:
        browser = service.browser()
        await follow(books, browser.phone, Subject(About.ACCOUNT, guest.id))
        await make_ready(books, house, customer_id=guest.id)
        await settle(books, ENGINE, *errands(PUSHES))
        [got] = service.got
    assert "your account, Advertising" in browser.open(got.body)["body"]


async def test_a_rehearsal_says_who_would_be_left_out_and_why(
    books: Books, house: locations.House
) -> None:
    await agree(books)
    await serve(books, house)
    async with books.writing() as uow:
        await adverts.object_to(uow, spoken("bert@guest.example"))
    written = Written("order.moved", AT_PASS, (MAIL, TEXT))
    async with books.reading() as look:
        document = msgspec.to_builtins(written)
        rehearsal = await automation.rehearse(look, ENGINE, document, "order.moved", days=1)
    assert [one.planned.kind for one in rehearsal.messages] == ["advertising"]
    assert rehearsal.left_out == {NEVER_AGREED: 1}


async def test_what_wins_guests_back_is_advertising_whatever_the_rule_calls_it() -> None:
    plain = (
        Step("mail", "customer", WORDS),
        Step("sms", "customer", {"body": "New"}),
        Step("push", "", {"title": "New", "body": "New"}),
        Step("mail", "staff:MANAGER", WORDS),
        COUPON,
    )
    written = Written("order.last", "", plain, lag="+30d")
    mistakes = ENGINE.mistakes(written)
    assert [one.where for one in mistakes] == [f"steps.{number}.kind" for number in range(3)]
    facts = {"guest.email": "a@guest.example", "guest.phone": NUMBER, "house.id": "1"}
    staff = {"MANAGER": ["boss@bistro.example"]}
    here = ENGINE.circumstances("order.last", facts, staff=staff)
    decision = ENGINE.decide(ENGINE.prepare(msgspec.to_builtins(written)), here)
    whys = [one.why_not for one in decision.planned]
    assert whys == [WINS_BACK, WINS_BACK, WINS_BACK, "", NEVER_AGREED]


async def test_the_two_slices_say_it_in_the_same_words() -> None:
    here = ENGINE.circumstances("order.moved", {"guest.email": "a@guest.example"}, staff={})
    ready = ENGINE.prepare(msgspec.to_builtins(Written("order.moved", "", (MAIL,))))
    [planned] = ENGINE.decide(ready, here).planned
    assert planned.why_not == NEVER_AGREED
