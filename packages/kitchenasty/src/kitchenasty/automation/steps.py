"""What rules can do: write a mail, write something down at an order."""

from __future__ import annotations

from datetime import timedelta

from basis.errors import Unavailable
from basis.sentences import word
from kitchenasty import notices, orders
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.letters import KIND
from kitchenasty.automation.rules import Role, StepKind, TextField
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import available

USEFUL_FOR = timedelta(days=1)
SUBJECT_LENGTH_MAX, BODY_LENGTH_MAX, NOTE_LENGTH_MAX = 150, 2_000, 300


class NoServer(Unavailable):
    def __init__(self) -> None:
        super().__init__("There is no mail server; see the settings.")


async def send_mail(uow: UnitOfWork, doing: Doing) -> None:
    """Queued in this transaction, so it is sent exactly if the rule acted. Raises EmailRefused,
    NoServer.
    """
    if await notices.load_smtp(uow) is None:
        raise NoServer
    language = doing.planned.language
    await notices.send_notice(
        uow,
        KIND,
        recipient=doing.planned.recipient,
        facts={"effect_id": doing.effect_id, "house": doing.facts.get("house.name") or ""},
        useful_for=USEFUL_FOR,
        locale=language if language in available() else None,
    )


async def write_note(uow: UnitOfWork, doing: Doing) -> None:
    """Raises OrderNotFound."""
    await orders.remark(uow, doing.facts["order.id"], doing.planned.texts["body"])


MAIL = Deed(
    StepKind(
        "mail",
        word("Write a mail"),
        (
            TextField("subject", word("Subject"), Channel.LINE, SUBJECT_LENGTH_MAX),
            TextField("body", word("Text"), Channel.TEXT, BODY_LENGTH_MAX, is_long=True),
        ),
        frozenset({Role.GUEST, Role.HOUSE, Role.STAFF, Role.ADDRESS}),
    ),
    send_mail,
)
NOTE = Deed(
    StepKind(
        "note",
        word("Write it down at the order"),
        (TextField("body", word("Text"), Channel.LINE, NOTE_LENGTH_MAX),),
        frozenset(),
        "order.id",
    ),
    write_note,
)
DEEDS = (MAIL, NOTE)
