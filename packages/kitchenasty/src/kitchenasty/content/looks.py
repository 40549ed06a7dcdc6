"""What pages show of the house: its name, its colours, its front. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from kitchenasty.content.colours import ACCENT, Tone, hexadecimal_of, tone_of
from kitchenasty.content.themes import CLASSIC, THEMES

NAME = "KitchenAsty"
TITLE = "KitchenAsty - Order Online"
SCHEMES = ("light", "dark", "system")
ICONS = (
    "utensils",
    "leaf",
    "clock",
    "bike",
    "chef-hat",
    "star",
    "map-pin",
    "flame",
    "wheat",
    "store",
)
FEATURES_MAX = 6
CSS_PATH = "/brand.css"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Button:
    words: str = ""
    link: str = ""

    def __bool__(self) -> bool:
        return bool(self.words and self.link)


@dataclass(frozen=True, slots=True)
class Hero:
    """The top of the front. `picture` is a path on this server."""

    title: str = ""
    subtitle: str = ""
    first: Button = Button()
    second: Button = Button()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    icon: str
    title: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """What the front asks its reader to do, at its end."""

    title: str = ""
    words: str = ""
    button: Button = Button()


@dataclass(frozen=True)
class Site:
    """All of it, as it was at `version` and `revision`. What the owner left empty is None here, or
    empty, and shown with our own words.
    """

    version: int = 0
    revision: str | None = None
    """Of the settings, some of which are shown too."""
    name_given: str | None = None
    title_given: str | None = None
    logo: str | None = None
    favicon: str | None = None
    primary_given: str | None = None
    secondary_given: str | None = None
    scheme: str = "system"
    theme: str = CLASSIC
    hero: Hero = field(default_factory=Hero)
    features: tuple[Feature, ...] = ()
    call: Call = field(default_factory=Call)
    legal: tuple[tuple[str, str], ...] = ()
    """Pages of law that there are: address and title."""
    has_gallery: bool = False
    contact_email: str = ""
    contact_phone: str = ""
    """Where questions are answered; empty is nowhere."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What other slices show on every page, by the name under which they ask for it."""
    created_at: datetime = NEVER
    updated_at: datetime = NEVER

    @property
    def name(self) -> str:
        return self.name_given or NAME

    @property
    def title(self) -> str:
        return self.title_given or (self.name_given or TITLE)

    @property
    def primary(self) -> str:
        return self.primary_given or THEMES[self.theme][1]

    @property
    def secondary(self) -> str:
        return self.secondary_given or THEMES[self.theme][2]

    @cached_property
    def tone(self) -> Tone:
        return tone_of(self.primary)

    @cached_property
    def accent(self) -> str:
        """The colour of buttons in the light, for those who read no stylesheet of ours."""
        return hexadecimal_of(ACCENT["light"], self.tone)

    @cached_property
    def css(self) -> str:
        """The owner's colours for the stylesheet; they win over those of the theme."""
        second = tone_of(self.secondary)
        return (
            "@layer themes { :root[data-theme] { "
            f"--hue: {self.tone.hue}; --chroma: {self.tone.chroma}; "
            f"--hue-2: {second.hue}; --chroma-2: {second.chroma}; }} }}\n"
        )

    @property
    def has_colours(self) -> bool:
        """Whether the owner gave a colour of their own; the theme's are in the stylesheet."""
        return bool(self.primary_given or self.secondary_given)

    @property
    def css_address(self) -> str:
        """Another colour is another address, so caches never serve an old one."""
        return f"{CSS_PATH}?v={self.primary[1:]}{self.secondary[1:]}"
