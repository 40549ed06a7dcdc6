"""What rules can do without asking much: write a mail, write something down at an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from basis.errors import Conflict, Unavailable
from basis.sentences import word
from kitchenasty import locations, notices, orders
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.letters import ADVERT, KIND
from kitchenasty.automation.rules import Role, StepKind, TextField
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import available

USEFUL_FOR = timedelta(days=1)
SUBJECT_LENGTH_MAX, BODY_LENGTH_MAX, NOTE_LENGTH_MAX = 150, 2_000, 300


class NoServer(Unavailable):
    def __init__(self) -> None:
        super().__init__("There is no mail server; see the settings.")


class HouseUnknown(Conflict):
    def __init__(self) -> None:
        super().__init__("It is not known in which house this happened.")


async def send_mail(uow: UnitOfWork, doing: Doing) -> None:
    """Raises EmailRefused, NoServer."""
    await send_letter(uow, doing, KIND, {})


async def send_advert(uow: UnitOfWork, doing: Doing) -> None:
    """Raises EmailRefused, NoServer."""
    await send_letter(uow, doing, ADVERT, {})


async def send_letter(uow: UnitOfWork, doing: Doing, kind: str, more: Mapping[str, str]) -> None:
    """Queued in this transaction, so it is sent exactly if the rule acted. Raises EmailRefused,
    NoServer.
    """
    if await notices.load_smtp(uow) is None:
        raise NoServer
    language = doing.planned.language
    house = doing.facts.get("house.name") or ""
    await notices.send_notice(
        uow,
        kind,
        recipient=doing.planned.recipient,
        facts={"effect_id": doing.effect_id, "house": house, **more},
        useful_for=USEFUL_FOR,
        locale=language if language in available() else None,
    )


async def house_of(uow: UnitOfWork, doing: Doing) -> locations.House:
    """The house in which it happened. Raises HouseUnknown, HouseNotFound."""
    house_id = doing.facts.get("house.id")
    if house_id is None:
        raise HouseUnknown
    return await locations.load_house(uow, house_id)


async def write_note(uow: UnitOfWork, doing: Doing) -> None:
    """Raises OrderNotFound."""
    await orders.remark(uow, doing.facts["order.id"], doing.planned.texts["body"])


SUBJECT = TextField("subject", word("Subject"), Channel.LINE, SUBJECT_LENGTH_MAX)
BODY = TextField("body", word("Text"), Channel.TEXT, BODY_LENGTH_MAX, is_long=True)
MAIL = Deed(
    StepKind(
        "mail",
        word("Write a mail"),
        (SUBJECT, BODY),
        frozenset({Role.GUEST, Role.HOUSE, Role.STAFF, Role.ADDRESS}),
    ),
    send_mail,
)
NOTE = Deed(
    StepKind(
        "note",
        word("Write it down at the order"),
        (TextField("body", word("Text"), Channel.LINE, NOTE_LENGTH_MAX, is_long=True),),
        frozenset(),
        "order.id",
    ),
    write_note,
)
ADVERTISING = Deed(
    StepKind(
        "advertising",
        word("Write a mail that advertises, to guests who may be sent it"),
        MAIL.kind.fields,
        frozenset({Role.GUEST}),
        advertises=True,
    ),
    send_advert,
)
