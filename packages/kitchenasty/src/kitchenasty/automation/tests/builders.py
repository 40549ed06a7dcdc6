"""A small vocabulary to try the language on, that of no slice; and a rule with a past."""

from typing import Any

from basis.facts import Fact, FactKind
from basis.ids import new_id
from kitchenasty.automation.acting import CLAIM_EFFECT, KEEP_FACTS, KEEP_RUN
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.looking import Audience, keep_looks
from kitchenasty.automation.queries import load_rule
from kitchenasty.automation.rules import Role, Step, StepKind, TextField, Written
from kitchenasty.automation.service import add_rule
from kitchenasty.automation.states import EffectState, Outcome
from kitchenasty.kit.books import UnitOfWork

K = FactKind
VOCABULARY = {
    fact.name: fact
    for fact in (
        Fact("order.id", K.TEXT, "Id", "1"),
        Fact("order.total", K.MONEY, "Total", [6400, "EUR"]),
        Fact("order.dishes", K.NUMBER, "Dishes", 3),
        Fact(
            "order.type", K.CHOICE, "Kind", "PICKUP", {"PICKUP": "Pickup", "DELIVERY": "Delivery"}
        ),
        Fact("order.is_late", K.FLAG, "Late", True),
        Fact("order.promised", K.MOMENT, "Promised", "2026-11-22T19:00"),
        Fact("order.names", K.LIST, "Names", ["Soup", "Bread"]),
        Fact("order.note", K.TEXT, "Note", "No onions"),
        Fact("guest.name", K.TEXT, "Name", "Anna"),
        Fact("guest.email", K.TEXT, "Address", "anna@example.com"),
    )
}
FACTS: dict[str, Any] = {name: fact.example for name, fact in VOCABULARY.items()}
MAIL = StepKind(
    "mail",
    "Send a mail",
    (
        TextField("subject", "Subject", Channel.LINE, 150),
        TextField("body", "Text", Channel.TEXT, 4_000, is_long=True),
    ),
    frozenset({Role.GUEST, Role.HOUSE, Role.STAFF, Role.ADDRESS}),
)
NOTE = StepKind(
    "note", "Write a note", (TextField("text", "Text", Channel.LINE, 300),), frozenset(), "order.id"
)
KINDS = {kind.name: kind for kind in (MAIL, NOTE)}
VOCABULARIES = {"order.moved": VOCABULARY}


def a_mail(to: str = "customer", subject: str = "Hello", body: str = "It is ready.") -> Step:
    return Step("mail", to, {"subject": subject, "body": body})


def a_rule(when: str = "", *steps: Step, topic: str = "order.moved") -> Written:
    return Written(topic, when, steps or (a_mail(),))


async def add_rule_that_acted(uow: UnitOfWork) -> tuple[str, str]:
    """A rule, something that happened, and what was done: the ids of the first two."""
    written = Written("order.moved", 'guest.name = "Anna"', (a_mail(to="a@b.example"),))
    rule_id, event_id = await add_rule(uow, "A rule", written), new_id()
    rule = await load_rule(uow, rule_id)
    await uow.run(
        KEEP_FACTS,
        event_id=event_id,
        topic="order.moved",
        facts={"guest.name": "Anna"},
        depth=0,
        happened_at=uow.now,
    )
    of_both = {"version_id": rule.version_id, "event_id": event_id}
    await uow.run(
        KEEP_RUN, id=new_id(), rule_id=rule_id, outcome=Outcome.ACTED, ran_at=uow.now, **of_both
    )
    await keep_looks(uow, [(event_id, Audience.of([rule.version_id]))])
    await uow.run(
        CLAIM_EFFECT,
        id=new_id(),
        step=0,
        kind="mail",
        recipient="a@b.example",
        texts={"subject": "Hello", "body": "Anna"},
        about=[],
        state=EffectState.REFUSED,
        error="No",
        done_at=uow.now,
        **of_both,
    )
    return rule_id, event_id
