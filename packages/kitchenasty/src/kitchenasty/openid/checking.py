"""Trying the settings: whether the provider answers as the standard says."""

from __future__ import annotations

from basis.kit.limits import Network
from basis.kit.outgoing import Outgoing
from kitchenasty.kit.books import Books
from kitchenasty.openid.provider import Providers
from kitchenasty.openid.terms import NotSetUp, find_terms


async def try_provider(books: Books, networks: tuple[Network, ...]) -> str:
    """The provider's address, after it has described itself and told its keys, whether or not it is
    offered to guests yet. Raises NotSetUp, ElsewhereAway, ProviderOdd.
    """
    async with books.reading() as look:
        terms = await find_terms(look, even_if_off=True)
    if terms is None:
        raise NotSetUp
    await Providers(Outgoing(networks)).ask(terms.issuer)
    return terms.issuer
