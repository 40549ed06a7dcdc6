"""What guests say about advertising, and whether they may be sent any."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from basis.errors import NotFound
from basis.ids import new_id
from basis.signing import derive
from kitchenasty import notices, texting
from kitchenasty.adverts import queries
from kitchenasty.adverts.states import OPEN_DAYS, Place, Said, Way, ends_after
from kitchenasty.adverts.verdicts import country_of
from kitchenasty.kit.books import Look, UnitOfWork

ASK_MAIL, ASK_TEXT = "adverts.confirm", "adverts.confirmText"
OPEN_FOR = timedelta(days=OPEN_DAYS)
PROOF_LENGTH = 32
DOT = "."
"""Between the id in a link and its proof."""


class AgreementGone(NotFound):
    def __init__(self) -> None:
        super().__init__("This link does not work any more. You can agree in your account.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a guest said, where, and below which words. `is_theirs` if it is known that they read
    at the address; otherwise it counts once they have answered there.
    """

    way: Way
    recipient: str
    wording: str
    place: Place
    customer_id: str | None = None
    is_theirs: bool = False
    order_id: str | None = None


async def agree(uow: UnitOfWork, spoken: Spoken) -> None:
    """Somebody wants advertising. Anybody can type anybody's address: unless it is theirs, it is
    asked there first, once in a week.
    """
    if spoken.is_theirs:
        await keep(uow, spoken, Said.AGREED)
        await lift_stop(uow, spoken.way, spoken.recipient)
        return
    if not await is_asked(uow, spoken.way, spoken.recipient):
        word_id = await keep(uow, spoken, Said.AGREED, is_open=True)
        await ask(uow, spoken, word_id)


async def object_to(uow: UnitOfWork, spoken: Spoken) -> None:
    """Somebody wants none: it counts at once, whoever says it."""
    await uow.run(queries.WITHDRAW, way=spoken.way, recipient=spoken.recipient)
    await keep(uow, spoken, Said.OBJECTED)


async def tell(uow: UnitOfWork, spoken: Spoken) -> None:
    """The house said at the checkout that it may write to who buys; it counts with the sale."""
    await keep(uow, spoken, Said.TOLD, is_open=True)


async def keep(uow: UnitOfWork, spoken: Spoken, said: Said, *, is_open: bool = False) -> str:
    word_id = new_id()
    lasts = OPEN_FOR if is_open and said is Said.AGREED else ends_after(said)
    await uow.run(
        queries.ADD,
        id=word_id,
        way=spoken.way,
        recipient=spoken.recipient,
        customer_id=spoken.customer_id,
        order_id=spoken.order_id,
        said=said,
        place=spoken.place,
        wording=spoken.wording,
        said_at=uow.now,
        counts_at=None if is_open else uow.now,
        expires_at=uow.now + lasts,
    )
    return word_id


async def ask(uow: UnitOfWork, spoken: Spoken, word_id: str) -> None:
    """By the way that it is about: whoever answers there has agreed."""
    facts = {"word_id": word_id}
    if spoken.way is Way.TEXT:
        draft = texting.TextDraft(
            kind=ASK_TEXT,
            key=f"{ASK_TEXT}:{word_id}",
            phone=spoken.recipient,
            country=await country_of(uow),
            facts=facts,
            useful_for=OPEN_FOR,
        )
        await texting.send_text(uow, draft)
    elif await notices.load_smtp(uow) is not None:
        await notices.send_notice(
            uow, ASK_MAIL, recipient=spoken.recipient, facts=facts, useful_for=OPEN_FOR
        )


async def is_open(look: Look, word_id: str) -> bool:
    """Whether somebody still has to answer."""
    row = await look.row(queries.ONE, word_id=word_id, now=look.now)
    return row is not None and row[2] is None


async def is_asked(look: Look, way: Way, recipient: str) -> bool:
    """Whether a letter to them waits for an answer."""
    return await look.value(queries.OPEN, way=way, recipient=recipient, now=look.now) is not None


async def find_asked(look: Look, token: str) -> str:
    """Where the link was sent to. Raises AgreementGone."""
    row = await look.row(queries.ONE, word_id=read_token(look, token), now=look.now)
    if row is None:
        raise AgreementGone
    return str(row[1])


async def confirm(uow: UnitOfWork, token: str) -> None:
    """The letter was answered; twice is once. Raises AgreementGone."""
    word_id = read_token(uow, token)
    row = await uow.row(queries.ONE, word_id=word_id, now=uow.now)
    if row is None:
        raise AgreementGone
    until = uow.now + ends_after(Said.AGREED)
    if await uow.run(queries.CONFIRM, word_id=word_id, now=uow.now, until=until):
        await lift_stop(uow, Way(row[0]), row[1])


async def sell(uow: UnitOfWork, order_ids: Collection[str]) -> None:
    """The food was handed over, so whoever was told is a customer."""
    until = uow.now + ends_after(Said.TOLD)
    await uow.run(queries.SELL, order_ids=list(order_ids), now=uow.now, until=until)


async def lift_stop(uow: UnitOfWork, way: Way, recipient: str) -> None:
    """Whoever agrees afterwards has changed their mind. Texts are another thing: a number that was
    stopped gets nothing at all, and only who has it can say START there.
    """
    if way is Way.MAIL:
        await notices.allow_advertising_to(uow, recipient)


def token_of(look: Look, word_id: str) -> str:
    return f"{word_id}{DOT}{proof_of(look, word_id)}"


def proof_of(look: Look, word_id: str) -> str:
    return derive(look.secret, purpose="agreed to advertising", subject=word_id)[:PROOF_LENGTH]


def read_token(look: Look, token: str) -> str:
    """Raises AgreementGone."""
    word_id, _, proof = token.partition(DOT)
    if not hmac.compare_digest(proof.encode(), proof_of(look, word_id).encode()):
        raise AgreementGone
    return word_id
