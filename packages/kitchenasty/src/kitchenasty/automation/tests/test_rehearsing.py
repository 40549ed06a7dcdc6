"""A rehearsal of what has happened equals the same rules let loose on it, effect by effect."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from basis.kit.data.statements import Statement
from kitchenasty import adverts, automation, guests, locations, orders
from kitchenasty.adverts import Way
from kitchenasty.adverts.tests.builders import agree
from kitchenasty.automation.doors import DEEDS
from kitchenasty.automation.models import RuleEffectRow, RuleRow, RuleVersionRow
from kitchenasty.automation.planning import NOBODY_THERE
from kitchenasty.automation.rules import Step, Written
from kitchenasty.automation.states import EffectState
from kitchenasty.automation.tests.happenings import (
    ENGINE,
    SERVER,
    count,
    keep,
    move,
    place,
    settle,
)
from kitchenasty.automation.tests.test_acting import replay
from kitchenasty.kit.books import Books
from kitchenasty.printing.tests.builders import a_printer
from kitchenasty.texting.tests.builders import switch_on
from kitchenasty.webhooks.tests.builders import add_endpoint

GUESTS = 6
PLACED, MOVED = 12, 4
MAIL = {"subject": "{{ order.number }}", "body": 'Dear {{ guest.name or "guest" }}'}
SMS = {"body": "{{ order.number }} costs {{ order.total }}"}
COUPON = {"percent": "10", "days": "30", **MAIL}
CONDITIONS = (
    "",
    "order.total > 30",
    "guest.email exists and not order.portions > 4",
    'order.status = "READY" or order.status = "PENDING"',
    'order.note = "No onions"',
    'guest.has_account = yes and order.note contains "onion"',
)
LEFT_OUT = (adverts.NEVER_AGREED, adverts.OBJECTED, NOBODY_THERE)
FORWARD = ("CONFIRMED", "PREPARING", "READY", "PICKED_UP")
EFFECTS = Statement(
    select(
        RuleEffectRow.event_id,
        RuleEffectRow.step,
        RuleEffectRow.kind,
        RuleEffectRow.recipient,
        RuleEffectRow.texts,
        RuleEffectRow.state,
        RuleEffectRow.error,
    )
    .join(RuleVersionRow, RuleVersionRow.id == RuleEffectRow.version_id)
    .join(RuleRow, RuleRow.id == RuleVersionRow.rule_id)
    .where(RuleRow.id == bindparam("of_rule", required=True))
)


def steps(endpoint_id: str) -> tuple[Step, ...]:
    """Everything that a rule can do, for everybody whom it can be done for."""
    return (
        Step("mail", "customer", MAIL),
        Step("mail", "staff:MANAGER", MAIL),
        Step("mail", "pass@house.example", MAIL),
        Step("advertising", "customer", MAIL),
        Step("sms", "customer", SMS),
        Step("sms-advertising", "customer", SMS),
        Step("push-advertising", "customer", {"title": "New", "body": "Soup"}),
        Step("sms", "030 901820", SMS),
        Step("webhook", f"webhook:{endpoint_id}", {"body": "{{ order.number }}"}),
        Step("coupon", "customer", COUPON),
        Step("tag", "", {"tag": "regular"}),
        Step("note", "", {"body": "{{ order.portions }} portions"}),
        Step("push", "", {"title": "{{ order.number }}", "body": "Dear {{ guest.name }}"}),
        Step("print", "", {"body": "{{ order.number }}\n{{ order.dishes }}"}),
        Step("slower", "", {"longer": "10", "lasts": "30"}),
        Step("pause", "", {"lasts": "10"}),
    )


async def live(books: Books, house: locations.House, chance: Random) -> None:
    """Orders of guests with and without an account, an address, a telephone that is one."""
    known = []
    for number in range(GUESTS // 2):
        newcomer = guests.NewGuest(email=f"g{number}@guest.example", name=f"Guest {number}")
        async with books.writing() as uow:
            known.append((await guests.register_guest(uow, newcomer, password_hash="none")).id)
    await agree(books, known[0], Way.PUSH)
    for number in range(0, GUESTS, 2):
        await agree(books, f"g{number}@guest.example")
    for _ in range(PLACED):
        number = chance.randrange(GUESTS)
        contact = orders.Contact(
            name=f"Guest {number}",
            email=chance.choice((f"g{number}@guest.example", None)),
            phone=chance.choice(("030 901820", "the usual")),
        )
        order_id = await place(
            books,
            house,
            contact=contact,
            customer_id=known[number] if number < len(known) else None,
            quantity=chance.randint(1, 9),
            note=chance.choice((None, "No onions", "{{ guest.name }}, with onions")),
        )
        await move(books, order_id, *FORWARD[: chance.randint(0, MOVED)])


async def test_a_rehearsal_equals_the_same_rules_let_loose_on_the_same_history(
    books: Books, house: locations.House
) -> None:
    books.given = SERVER
    await switch_on(books)
    async with books.writing() as uow:
        await a_printer(uow, house.id)
    endpoint = (await add_endpoint(books, "https://a.example", topics=("order.paid",))).endpoint
    chance = Random(6)
    await live(books, house, chance)
    await settle(books)
    written = rules_of(chance, steps(endpoint.id))
    rehearsed = [await keys_of_rehearsal(books, one) for one in written]
    ids = [await keep(books, *one.steps, when=one.when, topic=one.topic) for one in written]
    await replay(books)
    await settle(books)
    done = [await keys_of_effects(books, rule_id) for rule_id in ids]
    assert done == rehearsed
    kinds = Counter(key[2] for keys in done for key in keys.elements())
    print(f"W7: {kinds.total()} effects of {len(written)} rules as they were rehearsed")
    assert set(kinds) == {deed.kind.name for deed in DEEDS}, "every deed is among them"
    whys = Counter(key[5] for keys in done for key in keys.elements())
    assert min(whys[adverts.NEVER_AGREED], whys[NOBODY_THERE], whys[""]) > 0
    assert await count(books, "rule_effects") == kinds.total()


def rules_of(chance: Random, every: tuple[Step, ...]) -> list[Written]:
    """Each condition for each topic, with some of what can be done; and once with all of it."""
    found = [
        Written(topic, when, tuple(chance.sample(every, k=3)))
        for topic in ("order.placed", "order.moved")
        for when in CONDITIONS
    ]
    halves = (every[:8], every[8:])
    return [*found, *(Written("order.placed", "", half) for half in halves)]


async def keys_of_rehearsal(books: Books, written: Written) -> Counter[Any]:
    async with books.reading() as look:
        rehearsal = await automation.rehearse(
            look, ENGINE, msgspec.to_builtins(written), written.topic, days=7
        )
    assert rehearsal.is_whole
    return Counter(
        (
            one.event_id,
            one.planned.step,
            one.planned.kind,
            one.planned.recipient,
            tuple(sorted(one.planned.texts.items())),
            one.planned.why_not,
        )
        for one in rehearsal.done
    )


async def keys_of_effects(books: Books, rule_id: str) -> Counter[Any]:
    async with books.reading() as look:
        rows = await look.rows(EFFECTS, of_rule=rule_id)
    assert {row[5] for row in rows} <= set(EffectState)
    return Counter(
        (*row[:4], tuple(sorted(row[4].items())), row[6] if row[6] in LEFT_OUT else "")
        for row in rows
    )
