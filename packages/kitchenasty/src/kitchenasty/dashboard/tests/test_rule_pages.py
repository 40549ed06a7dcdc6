"""The office's rules: begun from a preset, written in rows, rehearsed, switched on, explained."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from litestar import Litestar

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from kitchenasty import audit, automation, locations, orders, webhooks
from kitchenasty.automation.tests.builders import KINDS, VOCABULARY
from kitchenasty.dashboard.automation.form import ROWS, SHORT, STEPS, RuleForm, shown_of, written_of
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.tests.builders import record
from kitchenasty.webhooks.tests.builders import OWNER

PATH = "/admin/rules"
READY_FOR_PICKUP = "0"
RECEIVER = webhooks.EndpointDraft(
    url="https://books.example/in", description="The bookkeeper", topics=("order.placed",)
)
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
async def manager(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    books.given = {
        "SMTP_HOST": "localhost",
        "SMTP_FROM": "Bistro <house@bistro.example>",
        "PUBLIC_URL": "https://bistro.example",
    }
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    return client


def typed(**changed: Any) -> dict[str, Any]:
    """A whole form, with the rows that count at the beginning."""
    rows = {name: [""] * ROWS for name in ("fact", "comparison", "value")}
    steps = {name: [""] * STEPS for name in ("kind", "to", "address", *SHORT)}
    form: dict[str, Any] = {"name": "Ours", "version": "1", "joined": "all", **rows, **steps}
    form |= {"kind": ["mail", "", ""], "to": ["house", "", ""], "subject": ["Hello", "", ""]}
    form |= {"body1": "Order {{ order.number }}"}
    for name, value in changed.items():
        begun = value if isinstance(value, list) else None
        form[name] = value if begun is None else [*begun, *form[name][len(begun) :]]
    return form


async def begin(manager: httpx.AsyncClient, preset: str = READY_FOR_PICKUP) -> str:
    made = await manager.post(PATH, data={"preset": preset}, headers=OWN)
    assert made.status_code == 303
    return made.headers["location"].partition("?")[0]


async def serve(app: Litestar, books: Books, house: locations.House) -> None:
    """An order is placed and made ready, and everybody in the house hears of it."""
    async with books.writing() as uow:
        order_id = (await record(uow, house, await add_dish(uow))).id
    for status in ("CONFIRMED", "PREPARING", "READY"):
        async with books.writing() as uow:
            await orders.move_order(uow, order_id, orders.OrderStatus(status))
    engine = app.state.rules
    dispatcher = Dispatcher(books, [automation.listen(engine)])
    worker = Worker(books, [automation.job_of(engine)])
    while await dispatcher.run_once() + await worker.run_due():
        pass


async def test_an_owner_begins_with_a_preset_tries_it_and_switches_it_on(
    manager: httpx.AsyncClient, app: Litestar, books: Books, house: locations.House
) -> None:
    await serve(app, books, house)
    there = await begin(manager)
    page = (await manager.get(there)).text
    assert "Switched off" in page
    assert "This rule can be switched on." in page
    rehearsal = (await manager.get(f"{there}/rehearsal?days=7")).text
    assert "1 message, to 1 recipient" in rehearsal
    assert "anna@guest.example" in rehearsal
    on = await manager.post(f"{there}/switch", data={"is_on": "true"}, headers=OWN)
    assert on.status_code == 303
    await serve(app, books, house)
    page = (await manager.get(there)).text
    assert "Acted" in page
    assert "Did not apply" in page
    assert "anna@guest.example" in page
    assert "order.status = &#34;READY&#34;" in page
    assert "Where the order is: is Ready" in page
    rule_id = there.rpartition("/")[2]
    async with books.reading() as look:
        trail = await audit.list_entries(look, entity="Rule", entity_id=rule_id)
    assert [one.action for one in trail] == ["update", "create"]


async def test_a_rule_is_written_in_rows(manager: httpx.AsyncClient, books: Books) -> None:
    there = await begin(manager)
    form = typed(
        joined="any",
        fact=["order.total", "order.type", "order.dishes", "guest.phone"],
        comparison=[">=", "in", "not-contains", "missing"],
        value=["12,50", "pickup, delivery", "Soup", ""],
    )
    assert (await manager.post(there, data=form, headers=OWN)).status_code == 303
    async with books.reading() as look:
        rule = await automation.load_rule(look, there.rpartition("/")[2])
    assert rule.version == 2
    assert rule.written["when"] == (
        'order.total >= 12.50 or order.type in ("PICKUP", "DELIVERY")'
        ' or not order.dishes contains "Soup" or not guest.phone exists'
    )
    page = (await manager.get(there)).text
    assert 'value="12.50"' in page
    assert 'value="PICKUP, DELIVERY"' in page
    assert '<option value="not-contains" selected>' in page


async def test_mistakes_are_said_while_it_is_typed_and_nothing_is_kept(
    manager: httpx.AsyncClient, books: Books
) -> None:
    there = await begin(manager)
    form = typed(fact=["order.total"], comparison=["="], value=["much"], body1="{{ oops")
    said = (await manager.post(f"{there}/check", data=form, headers=OWN)).text
    assert "order.total is compared with an amount, like 50 or 12.90." in said
    assert "A place for a fact that begins with {{ is not closed." in said
    assert "<html" not in said
    async with books.reading() as look:
        assert (await automation.load_rule(look, there.rpartition("/")[2])).version == 1


async def test_a_rule_with_mistakes_is_kept_but_not_switched_on(manager: httpx.AsyncClient) -> None:
    there = await begin(manager)
    await manager.post(f"{there}/switch", data={"is_on": "true"}, headers=OWN)
    kept = await manager.post(there, data=typed(to=["address"], address=["nobody"]), headers=OWN)
    assert kept.status_code == 303
    page = (await manager.get(there)).text
    assert "Switched off" in page
    refused = await manager.post(f"{there}/switch", data={"is_on": "true"}, headers=OWN)
    assert refused.status_code == 409
    assert "Choose to whom this goes." in refused.text or "This is no address." in refused.text


async def test_who_keeps_an_old_page_overwrites_nothing(manager: httpx.AsyncClient) -> None:
    there = await begin(manager)
    await manager.post(there, data=typed(), headers=OWN)
    refused = await manager.post(there, data=typed(name="Mine"), headers=OWN)
    assert refused.status_code == 409
    assert 'value="Mine"' in refused.text


async def test_a_condition_is_written_by_hand_where_rows_cannot_say_it(
    manager: httpx.AsyncClient,
) -> None:
    there = await begin(manager)
    text = "order.total > 5 and (order.portions = 1 or order.tip exists)"
    await manager.post(there, data=typed(byHand=text), headers=OWN)
    page = (await manager.get(there)).text
    assert "order.total &gt; 5 and (order.portions = 1 or order.tip exists)" in page
    assert "Question 1" not in page


async def test_two_versions_are_compared_on_what_has_happened(
    manager: httpx.AsyncClient, app: Litestar, books: Books, house: locations.House
) -> None:
    await serve(app, books, house)
    there = await begin(manager)
    await manager.post(there, data=typed(kind=[""]), headers=OWN)
    page = (await manager.get(f"{there}/rehearsal")).text
    assert "Version 1 would have sent 1 message." in page


async def test_a_rule_that_cannot_be_read_stays_and_says_why(
    manager: httpx.AsyncClient, books: Books
) -> None:
    written = automation.Written("order.moved", "", (), language=7)
    async with books.writing() as uow:
        rule_id = await automation.add_rule(uow, "From the future", written)
    page = (await manager.get(PATH)).text
    assert "From the future" in page
    assert "This rule is written in language 7; this version reads 2 at most." in page
    assert (await manager.get(f"{PATH}/{rule_id}")).status_code == 200
    await manager.post(f"{PATH}/{rule_id}/remove", headers=OWN)
    assert (await manager.get(f"{PATH}/{rule_id}")).status_code == 404


async def test_a_step_of_each_kind_is_typed_and_shown_again(
    manager: httpx.AsyncClient, books: Books
) -> None:
    """The form has one place for each; a kind takes what it needs and leaves the rest."""
    there = await begin(manager)
    async with books.writing() as uow:
        uow.actor = OWNER
        made = await webhooks.create_endpoint(uow, RECEIVER, known=RECEIVER.topics)
    program = f"webhook:{made.endpoint.id}"
    form = typed(
        kind=["sms", "webhook", "coupon"],
        to=["address", program, "customer"],
        address=["+49 30 901820", "left over", ""],
        subject=["left over", "", "For you"],
        percent=["", "", "10"],
        days=["", "", "30"],
        body1="Ready: {{ order.number }}",
        body2="It happened",
        body3="Come again",
    )
    assert (await manager.post(there, data=form, headers=OWN)).status_code == 303
    rule_id = there.rpartition("/")[2]
    async with books.reading() as look:
        kept = (await automation.load_rule(look, rule_id)).written["steps"]
    assert [step["to"] for step in kept] == ["+49 30 901820", program, "customer"]
    assert kept[0]["texts"] == {"body": "Ready: {{ order.number }}"}
    assert kept[2]["texts"] == {
        "percent": "10",
        "days": "30",
        "subject": "For you",
        "body": "Come again",
    }
    page = (await manager.get(there)).text
    assert "This rule can be switched on." in page
    assert f'<option value="{program}" selected>The bookkeeper</option>' in page
    assert 'value="+49 30 901820"' in page


def test_the_form_has_a_place_for_each_text_of_a_step(app: Litestar) -> None:
    for kind in app.state.rules.kinds.values():
        texts = {field.name: f"{field.name} of it" for field in kind.fields}
        step = automation.Step(kind.name, "", texts)
        row = shown_of("A", automation.Written("order.moved", "", (step,))).steps[0]
        form = RuleForm(kind=[row.kind], body1=row.texts.get("body", ""))
        for name in SHORT:
            setattr(form, name, [row.texts.get(name, "")])
        [kept] = written_of(form, "order.moved", VOCABULARY, {kind.name: kind}).steps
        assert kept.texts == texts


async def test_a_mistake_says_where_it_is(manager: httpx.AsyncClient) -> None:
    there = await begin(manager)
    form = typed(
        kind=["webhook", "coupon"],
        to=["webhook:nobody", "customer"],
        percent=["", "250"],
        days=["", "soon"],
        subject=["", "For you"],
        body1="{{ guest.name }} waits",
        body2="Come again",
    )
    said = (await manager.post(f"{there}/check", data=form, headers=OWN)).text
    assert '<a href="#field-to-1">Step 1, For whom</a>: Choose to whom this goes.' in said
    assert "guest.name is about a guest, and does not leave the house." in said
    assert "Step 2, Percent off</a>: This is a whole number from 1 to 100." in said
    assert "Step 2, Days it holds</a>: This is a whole number from 1 to 365." in said


async def test_every_preset_can_be_switched_on(manager: httpx.AsyncClient) -> None:
    for number in range(len(automation.PRESETS)):
        there = await begin(manager, str(number))
        on = await manager.post(f"{there}/switch", data={"is_on": "true"}, headers=OWN)
        assert on.status_code == 303, on.text


async def test_an_empty_rule_begins_with_what_happens(manager: httpx.AsyncClient) -> None:
    made = await manager.post(PATH, data={"topic": "reservation.created"}, headers=OWN)
    page = (await manager.get(made.headers["location"])).text
    assert "A rule does one to 10 things." in page
    assert re.search(r"<option value=\"reservation.party\"", page)
    refused = await manager.post(PATH, data={"topic": "moon.rose"}, headers=OWN)
    assert refused.status_code == 400


async def test_a_rule_counts_from_a_moment(manager: httpx.AsyncClient, books: Books) -> None:
    made = await manager.post(PATH, data={"topic": "reservation.starts"}, headers=OWN)
    there = made.headers["location"].partition("?")[0]
    assert "Say how long before or after" in (await manager.get(there)).text
    form = typed(amount="2", unit="h", side="-", body1="{{ reservation.starts }}")
    assert (await manager.post(there, data=form, headers=OWN)).status_code == 303
    async with books.reading() as look:
        rule = await automation.load_rule(look, there.rpartition("/")[2])
    assert rule.written["lag"] == "-2h"
    page = (await manager.get(there)).text
    assert "This rule can be switched on." in page
    assert 'name="amount" type="text" value="2"' in page
    assert "It looked 0 times." in (await manager.get(f"{there}/rehearsal")).text


KNOWN = [
    "",
    "order.total > 50",
    'order.type in ("PICKUP", "DELIVERY")',
    'order.note contains "onions" and not guest.phone exists',
    "order.is_late = yes or order.dishes <= 3",
    'not order.names contains "Soup"',
    'order.promised >= "2026-11-22"',
    "not order.total > 50",
    "order.total > 1 and (order.dishes = 1 or order.dishes = 2)",
    "order.dishes in (1, 2, 3)",
]


@pytest.mark.parametrize("when", KNOWN)
def test_a_form_that_is_not_touched_says_what_the_rule_said(when: str) -> None:
    shown = shown_of("A", automation.Written("order.moved", when))
    form = RuleForm(
        joined=shown.joined,
        fact=[row.fact for row in shown.rows],
        comparison=[row.comparison for row in shown.rows],
        value=[row.value for row in shown.rows],
        by_hand=shown.by_hand,
    )
    assert written_of(form, "order.moved", VOCABULARY, KINDS).when == when
