"""Whether somebody may be sent advertising: asked where recipients are resolved, and once more just
before it is sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from kitchenasty import locations, notices, texting
from kitchenasty.adverts import queries
from kitchenasty.adverts.states import ALLOWED, Remembered, Said, Way, why_not
from kitchenasty.adverts.terms import load_basis
from kitchenasty.kit.books import Look
from kitchenasty.kit.identity.sign_in import plain_email

Asked = tuple[Way, str]
"""A way, and an address, a number or an account as somebody typed it."""
NOBODYS = ""


async def find_verdicts(look: Look, asked: Collection[Asked]) -> dict[Asked, str]:
    """Of each, why they are not sent advertising; `ALLOWED` if they may be. The same few questions
    however many they are.
    """
    if not asked:
        return {}
    basis, country = await load_basis(look), await country_of(look)
    names = {one: name_of(one, country) for one in asked}
    remembered = await list_remembered(look, {one for one in names.values() if one[1]})
    stopped = await list_stopped(look, names.values())
    return {
        one: why_not(basis, remembered.get(name, ()), has_stopped=name in stopped)
        for one, name in names.items()
    }


async def may_advertise(look: Look, way: Way, recipient: str) -> bool:
    verdicts = await find_verdicts(look, [(way, recipient)])
    return verdicts[way, recipient] == ALLOWED


def name_of(one: Asked, country: str) -> Asked:
    """However it was typed, in one spelling; a number that is none is nobody's."""
    way, recipient = one
    if way is Way.MAIL:
        return way, plain_email(recipient)
    if way is Way.PUSH:
        return one
    try:
        return way, texting.read_number(recipient, country)
    except texting.NumberRefused:
        return way, NOBODYS


async def country_of(look: Look) -> str:
    """In which numbers without a country are read: that of the first house."""
    houses = await locations.list_houses(look, only_active=False)
    return houses[0].country if houses else ""


async def list_remembered(look: Look, names: Collection[Asked]) -> dict[Asked, list[Remembered]]:
    recipients = sorted({recipient for _, recipient in names})
    found: defaultdict[Asked, list[Remembered]] = defaultdict(list)
    for way, recipient, said, at in await look.rows(
        queries.COUNTING, recipients=recipients, now=look.now
    ):
        found[Way(way), recipient].append(Remembered(Said(said), at))
    return found


async def list_stopped(look: Look, names: Collection[Asked]) -> set[Asked]:
    """Who said so by the link of a letter, or by answering STOP."""
    mails = {recipient for way, recipient in names if way is Way.MAIL}
    numbers = {recipient for way, recipient in names if way is Way.TEXT and recipient}
    stopped = {(Way.MAIL, one) for one in await notices.list_stopped(look, mails)}
    return stopped | {(Way.TEXT, one) for one in await texting.list_stopped(look, numbers)}
