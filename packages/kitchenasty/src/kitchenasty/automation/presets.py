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
    Preset(
        word("Ready for pickup, by text message"),
        word("The guest reads on the phone that the food can be fetched."),
        Written(
            "order.moved",
            'order.status = "READY" and order.type = "PICKUP" and guest.phone exists',
            (
                Step(
                    "sms",
                    "customer",
                    {"body": "{{ house.name }}: your order {{ order.number }} is ready."},
                ),
            ),
        ),
    ),
    Preset(
        word("Sorry for a cancelled order"),
        word("The guest gets a coupon for the next one."),
        Written(
            "order.moved",
            'order.status = "CANCELLED" and guest.email exists',
            (
                Step(
                    "coupon",
                    "customer",
                    {
                        "percent": "15",
                        "days": "60",
                        "subject": "Something for your next order",
                        "body": 'Dear {{ guest.name or "guest" }},\n\nwe are sorry that nothing'
                        " came of your order {{ order.number }}. The next one is cheaper.",
                    },
                ),
            ),
        ),
    ),
    Preset(
        word("A very large order comes in"),
        word("For an hour, everybody else is promised food 20 minutes later."),
        Written(
            "order.placed",
            "order.portions >= 30",
            (Step("slower", "", {"longer": "20", "lasts": "60"}),),
        ),
    ),
    Preset(
        word("Thank you, the day after"),
        word("Whoever sat at a table reads a word of thanks a day later."),
        Written(
            "reservation.starts",
            'reservation.status = "COMPLETED" and guest.email exists',
            (
                Step(
                    "mail",
                    "customer",
                    {
                        "subject": "It was good to have you",
                        "body": 'Dear {{ guest.name or "guest" }},\n\nthank you for coming. We'
                        " hope to see you again.\n{{ house.name }}",
                    },
                ),
            ),
            lag="+1d",
        ),
    ),
    Preset(
        word("No order for two months"),
        word("A guest with an account gets a coupon, by mail."),
        Written(
            "order.last",
            "guest.email exists",
            (
                Step(
                    "coupon",
                    "customer",
                    {
                        "percent": "10",
                        "days": "30",
                        "subject": "We have not seen you for a while",
                        "body": 'Dear {{ guest.name or "guest" }},\n\nyour next order is cheaper.',
                    },
                ),
            ),
            lag="+60d",
        ),
    ),
)
