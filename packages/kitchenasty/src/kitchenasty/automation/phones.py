"""What a rule shows on the phones that follow an order or a reservation, or a guest's account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from basis.errors import Conflict
from basis.sentences import word
from kitchenasty import orders, push, reservations
from kitchenasty.adverts import Way
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.letters import is_still_wanted
from kitchenasty.automation.queries import find_texts
from kitchenasty.automation.rules import Reach, Role, StepKind, TextField
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.push import About, PushDraft, PushWords, Subject

KIND, ADVERT = "rules.pushed", "rules.pushedAdvertising"
USEFUL_FOR = timedelta(hours=6)
TITLE_LENGTH_MAX, BODY_LENGTH_MAX = 100, 300
FOLLOWED = {
    About.ORDER: "order.id",
    About.RESERVATION: "reservation.id",
    About.ACCOUNT: "guest.id",
}
"""What phones can follow of what a rule knows, and the fact that names it."""


class NobodyFollows(Conflict):
    def __init__(self) -> None:
        super().__init__("No phone follows this.")


async def tell_phones(uow: UnitOfWork, doing: Doing) -> None:
    """Queued in this transaction under the effect's id; a phone that follows twice shows it once.
    Raises NobodyFollows.
    """
    facts = {
        "effect_id": doing.effect_id,
        "order_id": doing.facts.get("order.id"),
        "reservation_id": doing.facts.get("reservation.id"),
    }
    told = 0
    for about, name in FOLLOWED.items():
        if followed := doing.facts.get(name):
            told += await push.send_push(
                uow,
                PushDraft(
                    kind=KIND,
                    key=f"{doing.effect_id}:{about}",
                    subject=Subject(about, followed),
                    facts=facts,
                    useful_for=USEFUL_FOR,
                ),
            )
    if not told:
        raise NobodyFollows


async def write_push(uow: UnitOfWork, facts: dict[str, Any]) -> PushWords | None:
    """Nothing if its guest was forgotten meanwhile."""
    texts = await find_texts(uow, facts["effect_id"])
    if texts is None:
        return None
    return PushWords(
        title=texts["title"],
        body=texts["body"],
        link=link_to(uow, facts),
        tag=f"rule:{facts['effect_id']}",
    )


def link_to(uow: UnitOfWork, facts: dict[str, Any]) -> str:
    """Where a press leads: to the page of what it is about."""
    if facts["order_id"]:
        return f"/t/{orders.capability_of(uow.secret, facts['order_id'])}"
    if facts["reservation_id"]:
        return f"/r/{reservations.capability_of(uow.secret, facts['reservation_id'])}"
    return "/"


async def advertise(uow: UnitOfWork, doing: Doing) -> None:
    """Raises NobodyFollows."""
    told = await push.send_push(
        uow,
        PushDraft(
            kind=ADVERT,
            key=doing.effect_id,
            subject=Subject(About.ACCOUNT, doing.planned.recipient),
            facts={"effect_id": doing.effect_id, "order_id": None, "reservation_id": None},
            useful_for=USEFUL_FOR,
        ),
    )
    if not told:
        raise NobodyFollows


async def write_advert(uow: UnitOfWork, facts: dict[str, Any]) -> PushWords | None:
    """With where it ends; nothing if its guest has objected meanwhile."""
    words = await write_push(uow, facts)
    if words is None or not await is_still_wanted(uow, facts["effect_id"], Way.PUSH):
        return None
    return replace(words, body=f"{words.body}\n{translate(ENDS)}")


ENDS = word("To get no more of these: your account, Advertising.")
PUSH = Deed(
    StepKind(
        "push",
        word("Show it on the phones that follow the order or the table"),
        (
            TextField("title", word("Title"), Channel.LINE, TITLE_LENGTH_MAX),
            TextField("body", word("Text"), Channel.LINE, BODY_LENGTH_MAX, is_long=True),
        ),
        frozenset(),
        "house.id",
        is_shown_to_guests=True,
    ),
    tell_phones,
)
ADVERTISING = Deed(
    StepKind(
        "push-advertising",
        word("Show advertising on the phones of guests who agreed"),
        PUSH.kind.fields,
        frozenset({Role.GUEST}),
        "house.id",
        Reach.ACCOUNT,
        advertises=True,
    ),
    advertise,
)
WRITERS = {KIND: write_push, ADVERT: write_advert}
