"""Rules to begin with: made with one click, read, changed, rehearsed and switched on."""

from __future__ import annotations

from dataclasses import dataclass

from basis.sentences import word
from kitchenasty.automation.rules import Step, Written


@dataclass(frozen=True, slots=True)
class Preset:
    """`words` say what it is good for. Its texts are in English: the house writes its own."""

    name: str
    words: str
    written: Written


PRESETS = (
    Preset(
        word("Ready for pickup"),
        word("The guest reads that the food can be fetched."),
        Written(
            "order.moved",
            'order.status = "READY" and order.type = "PICKUP" and guest.email exists',
            (
                Step(
                    "mail",
                    "customer",
                    {
                        "subject": "Your order {{ order.number }} is ready",
                        "body": 'Dear {{ guest.name or "guest" }},\n\n'
                        "your order {{ order.number }} waits for you at {{ house.name }}.",
                    },
                ),
            ),
        ),
    ),
    Preset(
        word("Thank you after a delivery"),
        word("The guest reads a word of thanks when the food has arrived."),
        Written(
            "order.moved",
            'order.status = "DELIVERED" and order.type = "DELIVERY" and guest.email exists',
            (
                Step(
                    "mail",
                    "customer",
                    {
                        "subject": "Thank you for your order",
                        "body": 'Dear {{ guest.name or "guest" }},\n\nenjoy your meal!\n'
                        "{{ house.name }}",
                    },
                ),
            ),
        ),
    ),
    Preset(
        word("A large order comes in"),
        word("The house gets a mail, and the order a note."),
        Written(
            "order.placed",
            "order.total >= 150",
            (
                Step(
                    "mail",
                    "house",
                    {
                        "subject": "Large order {{ order.number }}: {{ order.total }}",
                        "body": "{{ order.dishes }}\nPromised for {{ order.promised }}.",
                    },
                ),
                Step("note", "", {"body": "A large order: call {{ guest.phone }} if in doubt."}),
            ),
        ),
    ),
    Preset(
        word("A large party reserves"),
        word("The managers get a mail."),
        Written(
            "reservation.created",
            "reservation.party >= 8",
            (
                Step(
                    "mail",
                    "staff:MANAGER",
                    {
                        "subject": "{{ reservation.party }} people on {{ reservation.starts }}",
                        "body": "{{ guest.name }}, {{ guest.phone }}\n{{ reservation.note }}",
                    },
                ),
            ),
        ),
    ),
    Preset(
        word("A bad review"),
        word("The managers read it at once."),
        Written(
            "review.submitted",
            "review.rating < 3",
            (
                Step(
                    "mail",
                    "staff:MANAGER",
                    {
                        "subject": "{{ review.rating }} stars from {{ review.author }}",
                        "body": '{{ review.text or "No words." }}',
                    },
                ),
            ),
        ),
    ),
)
