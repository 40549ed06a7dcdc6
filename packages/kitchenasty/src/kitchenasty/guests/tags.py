"""What kind of guest somebody is to the house, in words of its own: "regular", "press"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, select

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_unless_there, one_of
from basis.kit.texts import one_line
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.guests.models import Customer, GuestTagRow
from kitchenasty.guests.service import GuestNotFound
from kitchenasty.kit.books import Look, UnitOfWork

TAG_LENGTH_MAX = 40
TAGS_MAX = 20
LOCK = Statement(
    select(Customer.id)
    .where(Customer.id == bindparam("customer_id", required=True))
    .with_for_update(key_share=True)
)
OF_GUESTS = Statement(
    select(GuestTagRow.customer_id, GuestTagRow.tag)
    .where(one_of(GuestTagRow.customer_id, "customer_ids"))
    .order_by(GuestTagRow.customer_id, GuestTagRow.tagged_at, GuestTagRow.tag)
)
ADD = insert_unless_there(GuestTagRow)
REMOVE = Statement(
    delete(GuestTagRow).where(
        GuestTagRow.customer_id == bindparam("of_customer", required=True),
        one_of(GuestTagRow.tag, "gone"),
    )
)


class TagRefused(Invalid):
    """A tag is empty or too long."""


class TagsFull(Conflict):
    def __init__(self) -> None:
        super().__init__(Sentence.of("A guest has at most {most} tags.", most=TAGS_MAX))


async def list_tags(look: Look, customer_id: str) -> list[str]:
    """In the order in which they were given."""
    return (await list_tags_of(look, [customer_id])).get(customer_id, [])


async def list_tags_of(look: Look, customer_ids: Collection[str]) -> dict[str, list[str]]:
    """By guest, with one question; who has none is left out."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    if customer_ids:
        for customer_id, tag in await look.rows(OF_GUESTS, customer_ids=sorted(customer_ids)):
            found[customer_id].append(tag)
    return dict(found)


async def add_tag(uow: UnitOfWork, customer_id: str, words: str) -> bool:
    """Whether it is new; capitals do not count. Raises TagRefused, TagsFull, GuestNotFound."""
    tag = checked_tag(words)
    await lock(uow, customer_id)
    before = await list_tags(uow, customer_id)
    if is_among(tag, before):
        return False
    await replace(uow, customer_id, before, [*before, tag])
    return True


async def keep_tags(uow: UnitOfWork, customer_id: str, words: Sequence[str]) -> list[str]:
    """These and no others. Raises TagRefused, TagsFull, GuestNotFound."""
    after: list[str] = []
    for tag in map(checked_tag, words):
        if not is_among(tag, after):
            after.append(tag)
    await lock(uow, customer_id)
    await replace(uow, customer_id, await list_tags(uow, customer_id), after)
    return after


async def lock(uow: UnitOfWork, customer_id: str) -> None:
    """Of two who tag a guest at once, the second sees what the first did. Raises GuestNotFound."""
    if await uow.value(LOCK, customer_id=customer_id) is None:
        raise GuestNotFound


async def replace(
    uow: UnitOfWork, customer_id: str, before: Sequence[str], after: Sequence[str]
) -> None:
    if len(after) > TAGS_MAX:
        raise TagsFull
    await uow.run(REMOVE, of_customer=customer_id, gone=[one for one in before if one not in after])
    rows = [
        {"id": new_id(), "customer_id": customer_id, "tag": tag, "tagged_at": uow.now}
        for tag in after
        if tag not in before
    ]
    await uow.many(ADD, rows)
    if before != after:
        # The trail tells that they were changed, not what they are: it outlives the guest.
        told = {"tags": len(after)}
        await audit.record(uow, action="tags", entity="Customer", entity_id=customer_id, after=told)


def is_among(tag: str, tags: Collection[str]) -> bool:
    return tag.casefold() in {one.casefold() for one in tags}


def checked_tag(words: str) -> str:
    """Raises TagRefused."""
    tag = one_line(words)
    if not 1 <= len(tag) <= TAG_LENGTH_MAX:
        raise TagRefused(Sentence.of("A tag has 1 to {most} characters.", most=TAG_LENGTH_MAX))
    return tag
