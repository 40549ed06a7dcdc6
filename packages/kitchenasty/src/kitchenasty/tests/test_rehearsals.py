"""A rehearsal equals what the same rules did, for whatever can happen.

Rules for every occasion that the house knows are let loose while it lives through an evening and
the day after; then each is rehearsed on what was kept of that. The history must hold every
occasion, so whoever adds one has to let it happen here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from basis.facts import Fact, FactKind
from basis.ids import new_id
from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.data.occasions import Occasion, Schedule
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import (
    automation,
    availability,
    locations,
    orders,
    refunds,
    reservations,
    reviews,
)
from kitchenasty.availability.tests.builders import open_restaurant, wish
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS, Principal
from kitchenasty.kit.tables import every_table
from kitchenasty.loyalty.tests.builders import add_guest
from kitchenasty.main import RULES
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.tests.builders import record
from kitchenasty.reservations.tests.builders import book

SERVER = {
    "SMTP_HOST": "localhost",
    "SMTP_FROM": "Bistro <house@bistro.example>",
    "PUBLIC_URL": "https://bistro.example",
}
LAGS = {"reservation.starts": "-2h", "order.last": "+1d"}
BERG = reservations.Guest(name="Anna Berg", phone="030 55501", email="anna@guest.example")
NOBODY = reservations.Guest(name="Tom", phone="030 55502")
WHOLE_ORDER = orders.FORWARD[orders.OrderType.PICKUP][1:]
ASKED_IN_MINUTES = 30
CLOCK = automation.watch_clock(RULES).job
EFFECTS, VERSIONS = every_table()["rule_effects"], every_table()["rule_versions"]
DONE = Statement(
    select(*(EFFECTS.c[name] for name in ("event_id", "step", "kind", "recipient", "texts")))
    .join(VERSIONS, VERSIONS.c.id == EFFECTS.c.version_id)
    .where(VERSIONS.c.rule_id == bindparam("of_rule", required=True))
)


@dataclass
class Evening:
    """A house in which things happen, and rules that look at all of them."""

    books: Books
    clock: HandClock
    house: locations.House
    rules: dict[str, automation.Written] = field(default_factory=dict)

    async def keep(self, written: automation.Written) -> None:
        async with self.books.writing() as uow:
            rule_id = await automation.add_rule(uow, "A rule", written)
            await automation.switch_rule(uow, RULES, rule_id, is_on=True)
        self.rules[rule_id] = written

    async def go_on(self, minutes: int = 1) -> None:
        """Whatever has happened is looked at before the next thing does."""
        dispatcher = Dispatcher(self.books, [automation.listen(RULES)])
        worker = Worker(self.books, [automation.job_of(RULES)])
        while await dispatcher.run_once() + await worker.run_due():
            pass
        self.clock.advance(minutes=minutes)
        async with self.books.writing() as uow:
            await CLOCK.run(uow, {})

    async def order(self, guest: Principal, *statuses: orders.OrderStatus, **more: Any) -> str:
        async with self.books.writing(guest) as uow:
            dish_id = await add_dish(uow)
            placed = await record(uow, self.house, dish_id, customer_id=guest.id, **more)
        for status in statuses:
            await self.go_on()
            async with self.books.writing() as uow:
                await orders.move_order(uow, placed.id, status)
        await self.go_on()
        return placed.id

    async def pay(self, order_id: str) -> None:
        """The house hears that it is paid, online and at the counter, and that some went back."""
        told = {"order_id": order_id, "house_id": self.house.id}
        refund = refunds.RefundMade(
            **told, refund_id=new_id(), cause=refunds.Cause.BY_HAND, amount_minor=300, tax_minor=0,
            given_back_minor=300, currency=self.house.currency,
        )  # fmt: skip
        for event in (orders.OrderPaid(**told), orders.OrderCollected(**told), refund):
            async with self.books.writing() as uow:
                uow.emit(event)
            await self.go_on()

    async def review(self, guest: Principal, order_id: str, rating: int, body: str) -> None:
        async with self.books.writing(guest) as uow:
            draft = reviews.Draft(rating=rating, order_id=order_id, body=body)
            await reviews.submit(uow, draft)
        await self.go_on()

    async def reserve(
        self, shown: str, party: int, guest: reservations.Guest
    ) -> reservations.Reservation:
        booked = await book(self.books, wish(self.house, shown, party), guest)
        await self.go_on()
        return booked.reservation

    async def change(self, one: reservations.Reservation, shown: str, party: int) -> None:
        async with self.books.reading() as look:
            found = await availability.plan(look, wish(self.house, shown, party), ignored=one.id)
            now = await reservations.load_reservation(look, one.id)
        async with self.books.writing() as uow:
            await reservations.change(uow, now, found)
        await self.go_on()

    async def cancel(self, one: reservations.Reservation) -> None:
        async with self.books.writing() as uow:
            now = await reservations.load_reservation(uow, one.id)
            await reservations.cancel(uow, now, reason="The babysitter is ill")
        await self.go_on()


async def live_through(evening: Evening) -> None:
    """Everything that rules can look at, with guests who are known and such who are not."""
    async with evening.books.writing() as uow:
        anna, bert = await add_guest(uow), await add_guest(uow)
    bare = orders.Contact(name="Tom", email=None, phone="030 1")
    await evening.order(ANONYMOUS, contact=bare, quantity=2)
    await evening.order(ANONYMOUS, orders.OrderStatus.CANCELLED, note="No onions", tip_minor=200)
    eaten = await evening.order(anna, *WHOLE_ORDER, quantity=9, note="{{ guest.name }}")
    await evening.review(anna, eaten, 2, "The soup was cold.")
    await evening.pay(await evening.order(anna))
    await evening.order(bert, *WHOLE_ORDER[:2])
    await evening.change(await evening.reserve("22:00", 2, BERG), "22:30", 4)
    await evening.cancel(await evening.reserve("23:00", 6, BERG))
    await evening.reserve("23:30", 2, NOBODY)
    for _ in range(timedelta(hours=26) // timedelta(minutes=ASKED_IN_MINUTES)):
        await evening.go_on(ASKED_IN_MINUTES)


def rules_for(occasion: Occasion | Schedule, chance: Random) -> Iterator[automation.Written]:
    """One that always acts, for everybody, and says all it knows; and one for each kind of fact."""
    names = {fact.name for fact in occasion.facts}
    all_facts = " ".join(f"{{{{ {name} }}}}" for name in sorted(names))
    to = (
        *(("customer",) if "guest.email" in names else ()),
        *("house", "staff:MANAGER", "pass@house.example"),
    )
    wins_back = isinstance(occasion, Schedule) and occasion.wins_back
    kinds = {"customer": "advertising" if wins_back else "mail"}
    words = {"subject": "News", "body": all_facts}
    deeds = [
        *(automation.Step(kinds.get(one, "mail"), one, words) for one in to),
        *([automation.Step("note", "", {"body": all_facts[:250]})] if "order.id" in names else []),
        *([automation.Step("tag", "", {"tag": "regular"})] if "guest.id" in names else []),
    ]
    lag = LAGS.get(occasion.topic, "")
    yield automation.Written(occasion.topic, "", tuple(deeds), lag=lag)
    for kind in FactKind:
        alike = [fact for fact in occasion.facts if fact.kind is kind]
        if alike:
            when = automation.write_condition(condition_on(chance.choice(alike), chance))
            yield automation.Written(occasion.topic, when, (chance.choice(deeds),), lag=lag)


def condition_on(fact: Fact, chance: Random) -> automation.Condition:
    """A question that the fact can be asked, or that it cannot be answered with."""
    operator = chance.choice(sorted(automation.ALLOWED[fact.kind]))
    is_bare = operator is automation.Operator.EXISTS
    asked = automation.Question(fact.name, operator, () if is_bare else (value_of(fact),))
    return chance.choice((asked, automation.Not(asked)))


def value_of(fact: Fact) -> automation.Value:
    if fact.kind is FactKind.MONEY:
        return Decimal(fact.example[0]) / 100
    if fact.kind is FactKind.NUMBER:
        return Decimal(fact.example)
    if fact.kind is FactKind.FLAG:
        return bool(fact.example)
    return str(fact.example[0] if fact.kind is FactKind.LIST else fact.example)


async def test_a_rehearsal_equals_what_the_same_rules_did_whatever_happened(
    books: Books, clock: HandClock
) -> None:
    books.given = SERVER
    evening, chance = Evening(books, clock, await open_restaurant(books)), Random(6)
    for occasion in RULES.occasions:
        for written in rules_for(occasion, chance):
            await evening.keep(written)
    await live_through(evening)
    effects: Counter[str] = Counter()
    for rule_id, written in evening.rules.items():
        rehearsed, done = await rehearse(books, written), await look_up(books, rule_id)
        assert rehearsed == done, written
        effects[written.topic] += done[0].total()
    print(f"W7: {effects.total()} effects of {len(evening.rules)} rules, as rehearsed: {effects}")
    unseen = {one.topic for one in RULES.occasions} - set(+effects)
    assert not unseen, "let this happen in `live_through`"


Seen = tuple[Counter[Any], dict[automation.Outcome, int]]
"""Every effect, and how often the rule said what."""


async def rehearse(books: Books, written: automation.Written) -> Seen:
    async with books.reading() as look:
        document = msgspec.to_builtins(written)
        rehearsal = await automation.rehearse(look, RULES, document, written.topic, days=7)
    assert rehearsal.is_whole
    planned = [(one.event_id, one.planned) for one in rehearsal.done]
    done = Counter(
        key_of(event_id, one.step, one.kind, one.recipient, one.texts) for event_id, one in planned
    )
    return done, rehearsal.outcomes


async def look_up(books: Books, rule_id: str) -> Seen:
    async with books.reading() as look:
        rows = await look.rows(DONE, of_rule=rule_id)
        tallies = await automation.tally(look, look.now - timedelta(days=7))
    return Counter(key_of(*row) for row in rows), tallies[rule_id]


def key_of(
    event_id: str, step: int, kind: str, recipient: str, texts: Mapping[str, str]
) -> tuple[Any, ...]:
    return event_id, step, kind, recipient, tuple(sorted(texts.items()))
