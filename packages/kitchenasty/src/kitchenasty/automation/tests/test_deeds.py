"""What rules do beside mails and notes: once for each, and refused in words when it cannot be."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, select, update

from basis.ids import new_id
from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement
from kitchenasty import automation, guests, locations, orders, promotions
from kitchenasty.adverts.tests.builders import agree
from kitchenasty.automation.doors import LETTERS, TEXTS
from kitchenasty.automation.jobs import job_of, listen
from kitchenasty.automation.models import RuleEffectRow, RuleFactsRow
from kitchenasty.automation.rules import Step
from kitchenasty.automation.states import EffectState
from kitchenasty.automation.tests.happenings import (
    ENGINE,
    SERVER,
    count,
    keep,
    make_ready,
    move,
    place,
    runs_of,
    settle,
)
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table
from kitchenasty.locations import BusyMode
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.texting import MemoryCarrier
from kitchenasty.texting.tests.builders import errand, switch_on
from kitchenasty.webhooks.tests.builders import add_endpoint, is_signed, receiving, send_all

FORGET_EFFECTS = Statement(delete(RuleEffectRow))
EVENT_IDS = Statement(select(RuleFactsRow.event_id))
ORDERS = every_table()["orders"]
NEW_ADDRESS = Statement(
    update(ORDERS)
    .where(ORDERS.c.id == bindparam("of_order", required=True))
    .values(guest_email="moved@guest.example")
)
SENDER = Sender("house@bistro.example", "Bistro", "https://bistro.example")
AT_PASS = 'order.status = "READY"'
IS_REGULAR = 'order.status = "READY" and guest.tags contains "regular"'
PHONE = orders.Contact(name="Tom\n<b>", email=None, phone="030 901820")
TEXT = Step("sms", "customer", {"body": "{{ guest.name }}: {{ order.number }} is ready"})
COUPON = Step(
    "coupon",
    "customer",
    {"percent": "15", "days": "30", "subject": "For you", "body": "Dear {{ guest.name }}"},
)


def call(endpoint_id: str, body: str = "Look at {{ order.number }}") -> Step:
    return Step("webhook", f"webhook:{endpoint_id}", {"body": body})


@pytest.fixture(autouse=True)
def mail_server(books: Books) -> None:
    books.given = SERVER


async def effects_of(books: Books, rule_id: str) -> list[automation.Effect]:
    return [effect for run in await runs_of(books, rule_id) for effect in run.effects]


async def texts_sent(books: Books) -> MemoryCarrier:
    carrier = MemoryCarrier()
    await settle(books, ENGINE, errand(carrier, TEXTS))
    return carrier


async def test_the_guest_reads_it_on_the_phone(books: Books, house: locations.House) -> None:
    await switch_on(books)
    await keep(books, TEXT, when=AT_PASS)
    await make_ready(books, house, contact=PHONE)
    [text] = (await texts_sent(books)).texts
    assert text.to == "+4930901820"
    assert text.body.startswith("Tom <b>: ")
    assert "\n" not in text.body
    assert (await texts_sent(books)).texts == [], "once"


async def test_a_guest_with_an_account_is_written_to_and_texted_each_at_the_right_address(
    books: Books, house: locations.House
) -> None:
    """Guests with an account were never reached, and texts went to the e-mail address."""
    await switch_on(books)
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email="anna@guest.example", name="Anna")
        guest = await guests.register_guest(uow, newcomer, password_hash="none")
    both = orders.Contact(name="Anna", email="anna@guest.example", phone="030 901820")
    letter = Step("mail", "customer", {"subject": "Ready", "body": "It is ready."})
    await keep(books, letter, TEXT, when=AT_PASS)
    await make_ready(books, house, customer_id=guest.id, contact=both)
    assert [text.to for text in (await texts_sent(books)).texts] == ["+4930901820"]
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=LETTERS).run_due():
        pass
    assert [one["To"] for one in office.letters] == ["anna@guest.example"]


async def test_a_text_goes_to_a_number_as_it_was_typed(
    books: Books, house: locations.House
) -> None:
    await switch_on(books)
    await keep(books, Step("sms", "(030) 90 18-20", {"body": "Ready"}), when=AT_PASS)
    await make_ready(books, house, contact=PHONE)
    assert [text.to for text in (await texts_sent(books)).texts] == ["+4930901820"]


async def test_a_text_of_a_guest_who_was_forgotten_is_not_written(
    books: Books, house: locations.House, clock: Any
) -> None:
    await switch_on(books)
    await keep(books, TEXT, when=AT_PASS)
    await make_ready(books, house, contact=PHONE)
    await Dispatcher(books, [listen(ENGINE)]).run_once()
    await Worker(books, [job_of(ENGINE)]).run_due()
    async with books.writing() as uow:
        await uow.run(FORGET_EFFECTS)
    clock.advance(hours=1)
    assert (await texts_sent(books)).texts == []


@pytest.mark.parametrize(
    ("contact", "is_on", "why"),
    [
        (PHONE, False, "This house sends no text messages; see the settings."),
        (
            orders.Contact(name="Tom", email=None, phone="the usual"),
            True,
            "This is no phone number that a text message could go to.",
        ),
    ],
)
async def test_a_text_that_cannot_go_says_why(
    books: Books, house: locations.House, contact: orders.Contact, is_on: bool, why: str
) -> None:
    if is_on:
        await switch_on(books)
    rule_id = await keep(books, TEXT, Step("note", "", {"body": "Told"}), when=AT_PASS)
    await make_ready(books, house, contact=contact)
    await settle(books)
    text, note = await effects_of(books, rule_id)
    assert (text.state, text.error) == (EffectState.REFUSED, why)
    assert note.state is EffectState.DONE, "it holds up nothing else"


async def test_a_program_is_told_once_and_of_no_guest(books: Books, house: locations.House) -> None:
    async with receiving() as program:
        made = await add_endpoint(books, program.url)
        await keep(books, call(made.endpoint.id), when=AT_PASS)
        order_id = await make_ready(books, house)
        await settle(books)
        await send_all(books)
        [got] = program.got
    assert is_signed(got, made.secret)
    said = got.said
    assert said["type"] == "rule.acted"
    data = said["data"]
    assert data["about"] == {"house.id": house.id, "order.id": order_id}
    assert (data["rule"], data["occasion"]) == ("A rule", "order.moved")
    assert data["message"].startswith("Look at ")
    assert b"Anna" not in got.body


async def test_a_refused_call_is_tried_again_under_the_same_id(
    books: Books, house: locations.House, clock: Any
) -> None:
    async with receiving() as program:
        program.answer = lambda _: 503 if len(program.got) == 1 else 204
        made = await add_endpoint(books, program.url)
        await keep(books, call(made.endpoint.id), when=AT_PASS)
        await make_ready(books, house)
        await settle(books)
        await send_all(books)
        clock.advance(hours=1)
        await send_all(books)
        first, second = program.got
    assert (first.id, first.body) == (second.id, second.body)


async def test_a_program_that_cannot_be_told_says_why(books: Books, house: locations.House) -> None:
    off = await add_endpoint(books, "https://a.example", is_on=False)
    rule_id = await keep(books, call(off.endpoint.id), call(new_id()), when=AT_PASS)
    await make_ready(books, house)
    await settle(books)
    assert [effect.error for effect in await effects_of(books, rule_id)] == [
        "This webhook is switched off.",
        "There is no such webhook.",
    ]


async def test_a_program_of_one_house_is_not_told_of_another(
    books: Books, house: locations.House, other_house: locations.House
) -> None:
    made = await add_endpoint(books, "https://a.example", house_id=other_house.id)
    rule_id = await keep(books, call(made.endpoint.id), when=AT_PASS)
    await make_ready(books, house)
    await settle(books)
    [effect] = await effects_of(books, rule_id)
    assert effect.error == "This webhook hears of another house only."


async def coupons_of(books: Books) -> list[promotions.Coupon]:
    async with books.reading() as look:
        found, _ = await promotions.list_coupons(look, Page(limit=100))
    return found


async def test_a_guest_gets_a_code_that_works_once_and_is_in_no_trace(
    books: Books, house: locations.House
) -> None:
    await agree(books)
    rule_id = await keep(books, COUPON, when=AT_PASS)
    await make_ready(books, house)
    await settle(books)
    [coupon] = await coupons_of(books)
    assert (coupon.uses_max, coupon.rate_millionths) == (1, 150_000)
    assert (coupon.house_id, coupon.currency) == (house.id, house.currency)
    office = MemoryPost()
    await Postman(books, office, sender=SENDER, writers=LETTERS).run_due()
    [letter] = office.letters
    assert letter["To"] == "anna@guest.example"
    body = letter.get_body(("plain",))
    assert body is not None
    assert coupon.code in body.get_content()
    assert "https://bistro.example/u/" in letter["list-unsubscribe"]
    [effect] = await effects_of(books, rule_id)
    assert coupon.code not in str(effect)


async def test_without_a_mail_server_no_coupon_is_made(
    books: Books, house: locations.House
) -> None:
    books.given = {}
    await agree(books)
    rule_id = await keep(books, COUPON, when=AT_PASS)
    await make_ready(books, house)
    await settle(books)
    assert await coupons_of(books) == []
    assert [one.state for one in await effects_of(books, rule_id)] == [EffectState.REFUSED]


async def test_a_guest_is_tagged_once_and_rules_can_ask_for_it(
    books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email="anna@guest.example", name="Anna")
        guest = await guests.register_guest(uow, newcomer, password_hash="none")
    await keep(books, Step("tag", "", {"tag": "Regular"}), when=AT_PASS)
    asked = await keep(books, Step("note", "", {"body": "Known"}), when=IS_REGULAR)
    for _ in range(2):
        await make_ready(books, house, customer_id=guest.id)
        await settle(books)
    async with books.reading() as look:
        assert await guests.list_tags(look, guest.id) == ["Regular"]
    assert len(await effects_of(books, asked)) == 1, "at the second order"


async def test_a_guest_without_an_account_gets_no_tag(books: Books, house: locations.House) -> None:
    rule_id = await keep(books, Step("tag", "", {"tag": "Regular"}), when=AT_PASS)
    await make_ready(books, house)
    await settle(books)
    [effect] = await effects_of(books, rule_id)
    assert effect.error == "This guest has no account."


async def busy_now(books: Books, house: locations.House) -> locations.House:
    async with books.reading() as look:
        return await locations.load_house(look, house.id)


async def test_a_large_order_slows_promises_down_for_a_while(
    books: Books, house: locations.House, clock: Any
) -> None:
    await keep(
        books,
        Step("slower", "", {"longer": "20", "lasts": "60"}),
        topic="order.placed",
        when="order.portions >= 30",
    )
    await place(books, house, quantity=3)
    await settle(books)
    assert (await busy_now(books, house)).busy_mode is BusyMode.NONE
    await place(books, house, quantity=30)
    await settle(books)
    busy = await busy_now(books, house)
    assert (busy.busy_mode, busy.busy_extra_minutes) == (BusyMode.SLOWER, 20)
    clock.advance(minutes=61)
    assert (await busy_now(books, house)).busy_mode is BusyMode.NONE


@pytest.mark.parametrize(
    ("mode", "lasts", "is_refused"),
    [
        (BusyMode.PAUSED, None, True),
        (BusyMode.PAUSED, 5, True),
        (BusyMode.SLOWER, None, True),
        (BusyMode.SLOWER, 600, True),
        (BusyMode.SLOWER, 5, False),
    ],
)
async def test_a_rule_takes_back_nothing_that_the_kitchen_said(
    books: Books, house: locations.House, mode: BusyMode, lasts: int | None, is_refused: bool
) -> None:
    async with books.writing() as uow:
        await locations.set_busy(uow, house.id, mode, extra_minutes=45, lasts_minutes=lasts)
    rule_id = await keep(books, Step("slower", "", {"longer": "20", "lasts": "60"}), when=AT_PASS)
    await make_ready(books, house)
    await settle(books)
    [effect] = await effects_of(books, rule_id)
    assert (effect.state is EffectState.REFUSED) is is_refused
    busy = await busy_now(books, house)
    assert (busy.busy_mode, busy.busy_extra_minutes) == (mode, 45)


async def test_no_orders_are_taken_for_a_while(books: Books, house: locations.House) -> None:
    await keep(books, Step("pause", "", {"lasts": "15"}), when=AT_PASS)
    await make_ready(books, house)
    await settle(books)
    busy = await busy_now(books, house)
    assert busy.busy_mode is BusyMode.PAUSED
    assert busy.busy_until is not None


async def test_four_workers_do_each_thing_once(books: Books, house: locations.House) -> None:
    """A worker whose lease ran out runs beside the one that took its place."""
    await switch_on(books)
    endpoint = (await add_endpoint(books, "https://a.example")).endpoint
    await agree(books)
    await keep(books, TEXT, call(endpoint.id), COUPON, when=AT_PASS)
    order_id = await place(books, house)
    await move(books, order_id, "CONFIRMED", "PREPARING", "READY")
    await Dispatcher(books, [listen(ENGINE)]).run_once()
    workers = [Worker(books, [job_of(ENGINE)]) for _ in range(4)]
    await asyncio.gather(*(one.run_due() for one in workers))
    tables = ("text_messages", "webhook_deliveries", "coupons", "notices", "rule_effects")
    assert [await count(books, table) for table in tables] == [1, 1, 1, 1, 3]


async def test_a_second_look_at_an_event_does_nothing_more(
    books: Books, house: locations.House
) -> None:
    """Also when the guest has another address by now."""
    mail = Step("mail", "customer", {"subject": "Ready", "body": "Come"})
    await keep(books, mail, when=AT_PASS)
    order_id = await make_ready(books, house)
    await settle(books)
    async with books.writing() as uow:
        ids = [row[0] for row in await uow.rows(EVENT_IDS)]
        await uow.run(NEW_ADDRESS, of_order=order_id)
        uow.enqueue("rules.consider", {"events": ids, "depth": 0}, key="again")
    await settle(books)
    assert await count(books, "rule_effects") == 1
    assert await count(books, "rule_looks") == 3
