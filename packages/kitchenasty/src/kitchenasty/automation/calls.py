"""What a rule tells a program elsewhere."""

from __future__ import annotations

from basis.sentences import word
from kitchenasty import webhooks
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.rules import Role, StepKind, TextField
from kitchenasty.kit.books import UnitOfWork

TOPIC = "rule.acted"
MESSAGE_LENGTH_MAX = 300


class RuleActed(webhooks.PublicFacts, kw_only=True):
    """`about` are the ids of what it is about, by the names that rules have for them."""

    rule: str
    occasion: str
    message: str
    about: dict[str, str]


async def call_webhook(uow: UnitOfWork, doing: Doing) -> None:
    """Queued in this transaction under the effect's id, which is the same on every try. No fact
    about a guest goes with it. Raises EndpointNotFound, EndpointOff, EndpointOfAnotherHouse.
    """
    about = {
        name: str(value)
        for name, value in sorted(doing.facts.items())
        if name.endswith(".id") and value
    }
    await webhooks.send_message(
        uow,
        doing.planned.recipient,
        webhooks.Message(
            id=doing.effect_id,
            topic=TOPIC,
            house_id=doing.facts.get("house.id"),
            facts=RuleActed(
                rule=doing.rule,
                occasion=doing.topic,
                message=doing.planned.texts["body"],
                about=about,
            ),
        ),
    )


CALL = Deed(
    StepKind(
        "webhook",
        word("Tell a program"),
        (TextField("body", word("Text"), Channel.LINE, MESSAGE_LENGTH_MAX, True, is_public=True),),
        frozenset({Role.WEBHOOK}),
    ),
    call_webhook,
)
