"""What setting_probes.py does, for the settings of the provider by which guests may sign in."""

from __future__ import annotations

import re

from kitchenasty import openid, settings
from kitchenasty.openid import OPENID
from kitchenasty.tests.setting_world import Ask, Probe, World

WHOLE: dict[str, settings.Value] = {
    "enabled": True,
    "provider": "other",
    "issuer": "https://one.example",
    "clientId": "one",
    "clientSecret": "onions-of-one",
}
BUTTON = re.compile(r"Sign in with ([\w.]+)")


async def read_button(world: World) -> str:
    """What guests may sign in with, besides a password."""
    world.books.given = {"PUBLIC_URL": "https://juniper.example"}
    found = BUTTON.search((await world.client.get("/sign-in")).text)
    return "" if found is None else found[1]


def provider_has(name: str) -> Ask:
    """What those who ask the provider read."""

    async def see(world: World) -> object:
        world.books.given = {"PUBLIC_URL": "https://juniper.example"}
        async with world.books.reading() as look:
            return getattr(await openid.find_terms(look), name)

    return see


def pair(name: str, read_as: str, one: str, other: str) -> Probe:
    return Probe(OPENID, name, (one, other), (one, other), provider_has(read_as), WHOLE)


PROBES = [
    Probe(OPENID, "enabled", (True, False), ("one.example", ""), read_button, WHOLE),
    Probe(OPENID, "provider", ("other", "google"), ("one.example", "Google"), read_button, WHOLE),
    Probe(OPENID, "label", ("Rye", "Oak"), ("Rye", "Oak"), read_button, WHOLE),
    pair("issuer", "issuer", "https://one.example", "https://two.example"),
    pair("clientId", "client_id", "one", "two"),
    pair("clientSecret", "client_secret", "onions-of-one", "leeks-of-two"),
    pair("appUrl", "app_url", "https://one.example", "https://two.example"),
]
