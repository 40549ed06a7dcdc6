"""The service that draws the ground under the zones, if the owner has one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from basis.sentences import word
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.settings import Field, Group, SettingRefused, Value

TILE_URL = re.compile(
    r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?/[A-Za-z0-9/_.~%{}?=&@+,-]*"
)
"""Its first part becomes a word of the page's policy, so nothing but a name and a port fits."""
PLACES = ("{z}", "{x}", "{y}")
KEY = "{key}"
PLACES_MISSING = word("It says with {z}, {x} and {y} which tile is wanted, and with {key} the key.")
KEY_MISSING = word("The address asks for a key.")
KEY_UNUSED = word("Say with {key} where the key stands in the address, or forget the key.")
CREDIT_MISSING = word("Say whose map it is: every service asks for that.")


def check(values: Mapping[str, Value]) -> None:
    """Raises SettingRefused."""
    url, problems = str(values["tileUrl"] or ""), {}
    names = re.findall(r"\{.*?\}|[{}]", url)
    if url and sorted(name for name in names if name != KEY) != sorted(PLACES):
        problems["tileUrl"] = PLACES_MISSING
    if url and not values["attribution"]:
        problems["attribution"] = CREDIT_MISSING
    if url and KEY in url and not values["tileKey"]:
        problems["tileKey"] = KEY_MISSING
    if url and values["tileKey"] and KEY not in url:
        problems["tileUrl"] = KEY_UNUSED
    if problems:
        raise SettingRefused(next(iter(problems.values())), problems)


def origin_of(values: Mapping[str, Value]) -> str | None:
    """Whose server gets the key, and every question for a tile: `https://tiles.example`."""
    url = urlsplit(str(values["tileUrl"] or ""))
    return f"{url.scheme}://{url.netloc}" if url.netloc else None


MAPS = Group(
    "maps",
    (
        Field(
            name="tileUrl",
            label=word("Address of the tiles"),
            shape=TILE_URL,
            length_max=300,
            can_be_empty=True,
            hint=word(
                "Like https://tiles.example/{z}/{x}/{y}.png. Browsers of the office fetch the map "
                "from there. Empty: zones are drawn without a map."
            ),
        ),
        Field(
            name="attribution",
            label=word("Whose map it is"),
            length_max=120,
            can_be_empty=True,
            hint=word("Stands below the map, like © OpenStreetMap contributors."),
        ),
        Field(
            name="tileKey",
            label=word("Key of the map service"),
            is_secret=True,
            shape=re.compile(r"[\w.~-]{1,200}"),
            hint=word(
                "If the service gave you one. It is kept encrypted here, and sent by the browsers "
                "of the office: let the service accept it from your address only. For another "
                "server it is typed again."
            ),
        ),
    ),
    check,
    (settings.Bond("tileKey", origin_of, ("tileUrl",)),),
)


@dataclass(frozen=True, slots=True)
class Tiles:
    """`url` has the key in it and still asks for z, x and y."""

    url: str
    origin: str
    attribution: str


async def load_tiles(look: Look) -> Tiles | None:
    """The service that counts now; None where zones are drawn without a map."""
    values = await settings.load(look, MAPS)
    origin = origin_of(values)
    if origin is None:
        return None
    url = str(values["tileUrl"]).replace(KEY, str(values["tileKey"] or ""))
    return Tiles(url, origin, str(values["attribution"]))
