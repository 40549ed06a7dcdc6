"""What guests are asked and told, in the words that are kept with their answers."""

from __future__ import annotations

from enum import StrEnum

from basis.sentences import word
from kitchenasty.adverts.service import Spoken, agree, object_to, tell
from kitchenasty.adverts.states import Basis, Place, Way
from kitchenasty.adverts.terms import load_basis
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.orders import Contact

AGREE_BY_MAIL = word(
    "Yes, write me by mail now and then what is new here. I can end it at any time, by the link in "
    "each mail."
)
MAY_OBJECT = word(
    "If you leave your e-mail address, we may write to you about dishes like these, too. You can "
    "object at any time, at no cost but that of sending it at basic rates."
)
ASKED = {
    Way.MAIL: word("You write me by mail now and then what is new, and what is cheaper."),
    Way.TEXT: word("You write me text messages now and then about what is new, and cheaper."),
    Way.PUSH: word("You show me now and then on my phone what is new, and what is cheaper."),
}
"""In the account, each with its own switch."""


class Hint(StrEnum):
    """What stood at the checkout: a question, what the law wants to be told, or nothing."""

    NONE = ""
    ASKED = "asked"
    TOLD = "told"


HINTS = {Basis.OFF: Hint.NONE, Basis.AGREED: Hint.ASKED, Basis.CUSTOMERS: Hint.TOLD}


async def find_hint(look: Look) -> Hint:
    return HINTS[await load_basis(look)]


async def hear_checkout(
    uow: UnitOfWork,
    hint: Hint,
    order_id: str,
    contact: Contact,
    *,
    is_ticked: bool,
    own: str | None,
) -> None:
    """What a guest said by ordering. `hint` is what their page showed, whatever is set by now;
    `own` is the address of whoever is signed in, if it is known to be theirs.
    """
    if hint is Hint.NONE or not contact.email:
        return
    wording = AGREE_BY_MAIL if hint is Hint.ASKED else MAY_OBJECT
    spoken = Spoken(
        way=Way.MAIL,
        recipient=contact.email,
        wording=translate(wording),
        place=Place.CHECKOUT,
        customer_id=uow.actor.id if uow.actor.is_customer else None,
        is_theirs=contact.email == own,
        order_id=order_id,
    )
    if hint is Hint.ASKED:
        if is_ticked:
            await agree(uow, spoken)
        return
    await (object_to if is_ticked else tell)(uow, spoken)
