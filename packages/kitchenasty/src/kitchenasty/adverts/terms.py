"""Whom the house advertises to, as the owner set it."""

from __future__ import annotations

from basis.sentences import word
from kitchenasty import settings
from kitchenasty.adverts.states import Basis
from kitchenasty.kit.books import Look
from kitchenasty.settings import Field, Group

ADVERTS = Group(
    "adverts",
    (
        Field(
            name="basis",
            label=word("Who may be sent advertising"),
            default=Basis.OFF.value,
            choices=(
                (Basis.OFF.value, word("Nobody")),
                (Basis.AGREED.value, word("Guests who agreed")),
                (
                    Basis.CUSTOMERS.value,
                    word("Who agreed; by mail also who ordered"),
                ),
            ),
            hint=word(
                "The checkout asks, or says so, and each mail has a link that ends it. What the "
                "law of your country wants, you know best."
            ),
        ),
    ),
)


async def load_basis(look: Look) -> Basis:
    return Basis(str((await settings.load(look, ADVERTS))["basis"]))
