"""A small vocabulary to try the language on, that of no slice."""

from typing import Any

from basis.facts import Fact, FactKind
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.rules import Role, Step, StepKind, TextField, Written

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
        Fact("guest.name", K.TEXT, "Name", "Anna", is_private=True),
        Fact("guest.email", K.TEXT, "Address", "anna@example.com", is_private=True),
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
