"""What a rule shows on phones: on those that follow, once, and gone with its guest."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import guests, locations, orders
from kitchenasty.automation.doors import PUSHES
from kitchenasty.automation.models import RuleEffectRow
from kitchenasty.automation.rules import Step
from kitchenasty.automation.states import EffectState
from kitchenasty.automation.tests.happenings import (
    ENGINE,
    SERVER,
    keep,
    make_ready,
    move,
    place,
    runs_of,
    settle,
)
from kitchenasty.kit.books import Books
from kitchenasty.push import About, Subject
from kitchenasty.push.tests.builders import HERE, Browser, errands, follow, push_service

pytestmark = pytest.mark.enable_socket
FORGET_EFFECTS = Statement(delete(RuleEffectRow))
AT_PASS = 'order.status = "READY"'
SHOW = Step(
    "push", "", {"title": "{{ order.number }} is ready", "body": "Dear {{ guest.name }}, come"}
)
ERRANDS = errands(PUSHES)


@pytest.fixture(autouse=True)
def _may_call_this_machine(books: Books) -> None:
    books.given = {**SERVER, "OUTGOING_NETWORKS": HERE}


async def settle_with_phones(books: Books) -> None:
    await settle(books, ENGINE, *ERRANDS)


async def follow_order(books: Books, browser: Browser, house: locations.House) -> str:
    order_id = await place(books, house)
    await follow(books, browser.phone, Subject(About.ORDER, order_id))
    return order_id


async def test_a_phone_that_follows_the_order_shows_it_once_and_leads_to_its_page(
    books: Books, house: locations.House
) -> None:
    await keep(books, SHOW, when=AT_PASS)
    async with push_service() as service:
        browser = service.browser()
        order_id = await follow_order(books, browser, house)
        await move(books, order_id, "CONFIRMED", "PREPARING", "READY")
        for _ in range(2):
            await settle_with_phones(books)
        [got] = service.got
    async with books.reading() as look:
        number = (await orders.load_order(look, order_id)).number
    shown = browser.open(got.body)
    assert shown["title"] == f"{number} is ready"
    assert shown["body"] == "Dear Anna Berg, come"
    assert shown["link"] == f"/t/{orders.capability_of(books.secret, order_id)}"


async def test_where_no_phone_follows_the_trace_says_so(
    books: Books, house: locations.House
) -> None:
    rule_id = await keep(books, SHOW, when=AT_PASS)
    await make_ready(books, house)
    await settle_with_phones(books)
    [effect] = [effect for run in await runs_of(books, rule_id) for effect in run.effects]
    assert (effect.state, effect.error) == (EffectState.REFUSED, "No phone follows this.")


async def test_the_phone_of_a_guest_with_an_account_shows_it_too(
    books: Books, house: locations.House
) -> None:
    await keep(books, SHOW, when=AT_PASS)
    newcomer = guests.NewGuest(email="tom@guest.example", name="Tom")
    async with books.writing() as uow:
        guest = await guests.register_guest(uow, newcomer, password_hash="none")
    async with push_service() as service:
        await follow(books, service.browser().phone, Subject(About.ACCOUNT, guest.id))
        await make_ready(books, house, customer_id=guest.id)
        await settle_with_phones(books)
    assert len(service.got) == 1


async def test_what_a_forgotten_guest_would_read_is_not_shown(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    await keep(books, SHOW, when=AT_PASS)
    async with push_service(clock) as service:
        order_id = await follow_order(books, service.browser(), house)
        await move(books, order_id, "CONFIRMED", "PREPARING", "READY")
        await settle(books)
        async with books.writing() as uow:
            await uow.run(FORGET_EFFECTS)
        await settle_with_phones(books)
    assert service.got == []
