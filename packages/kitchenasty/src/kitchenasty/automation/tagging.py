"""What a rule may say of a guest: a word of the house, such as "regular"."""

from __future__ import annotations

from basis.errors import Conflict
from basis.sentences import word
from kitchenasty import guests
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.rules import StepKind, TextField
from kitchenasty.kit.books import UnitOfWork


class NoAccount(Conflict):
    def __init__(self) -> None:
        super().__init__("This guest has no account.")


async def tag_guest(uow: UnitOfWork, doing: Doing) -> None:
    """Once, whoever else has given the same one. Raises NoAccount, TagRefused, TagsFull,
    GuestNotFound.
    """
    guest_id = doing.facts.get("guest.id")
    if guest_id is None:
        raise NoAccount
    await guests.add_tag(uow, guest_id, doing.planned.texts["tag"])


TAG = Deed(
    StepKind(
        "tag",
        word("Tag the guest"),
        (TextField("tag", word("Tag"), Channel.LINE, guests.TAG_LENGTH_MAX),),
        frozenset(),
        "guest.id",
    ),
    tag_guest,
)
