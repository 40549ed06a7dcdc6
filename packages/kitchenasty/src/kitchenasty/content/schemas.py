"""The site on the wire. Its sections are named as the contract's clients name them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, PicturePath, Stamp, WireStruct, stamp
from kitchenasty.content.looks import FEATURES_MAX, Button, Call, Feature, Hero, Site

Title = Annotated[str, msgspec.Meta(max_length=120)]
Words = Annotated[str, msgspec.Meta(max_length=400)]
Short = Annotated[str, msgspec.Meta(max_length=60)]
Link = Annotated[str, msgspec.Meta(max_length=300)]
Colour = Annotated[str, msgspec.Meta(max_length=7, pattern=r"^#[0-9a-fA-F]{6}$")]


class HeroForm(Form, kw_only=True):
    title: Title = ""
    subtitle: Words = ""
    cta_primary_text: Short = ""
    cta_primary_link: Link = ""
    cta_secondary_text: Short = ""
    cta_secondary_link: Link = ""
    background_image: PicturePath | None = None

    def to_hero(self) -> Hero:
        return Hero(
            self.title,
            self.subtitle,
            Button(self.cta_primary_text, self.cta_primary_link),
            Button(self.cta_secondary_text, self.cta_secondary_link),
            self.background_image or "",
        )


class FeatureForm(Form, kw_only=True):
    icon: Short = "star"
    title: Title = ""
    description: Words = ""


class CallForm(Form, kw_only=True):
    title: Title = ""
    description: Words = ""
    button_text: Short = ""
    button_link: Link = ""


class SiteForm(Form, kw_only=True):
    """What is left out stays as it is; null or empty goes back to what it was at first."""

    site_name: Annotated[str, msgspec.Meta(max_length=80)] | UnsetType = UNSET
    site_title: Title | UnsetType = UNSET
    logo: PicturePath | UnsetType | None = UNSET
    color_primary: Colour | UnsetType | None = UNSET
    color_secondary: Colour | UnsetType | None = UNSET
    dark_mode: Literal["light", "dark", "system"] | UnsetType = UNSET
    storefront_template: Short | UnsetType = UNSET
    hero_section: HeroForm | UnsetType | None = UNSET
    features_section: (
        Annotated[list[FeatureForm], msgspec.Meta(max_length=FEATURES_MAX)] | UnsetType | None
    ) = UNSET
    cta_section: CallForm | UnsetType | None = UNSET

    def to_changes(self) -> dict[str, Any]:
        """The fields of a `Site` that were sent."""
        found: dict[str, Any] = {
            "name_given": self.site_name,
            "title_given": self.site_title,
            "logo": self.logo,
            "primary_given": self.color_primary,
            "secondary_given": self.color_secondary,
            "scheme": self.dark_mode,
            "theme": self.storefront_template,
        }
        if self.hero_section is not UNSET:
            found["hero"] = self.hero_section.to_hero() if self.hero_section else Hero()
        if self.features_section is not UNSET:
            found["features"] = tuple(
                Feature(one.icon, one.title, one.description) for one in self.features_section or ()
            )
        if self.cta_section is not UNSET:
            found["call"] = call_of(self.cta_section)
        return {name: value or None if name == "logo" else value
                for name, value in found.items() if value is not UNSET}  # fmt: skip


def call_of(form: CallForm | None) -> Call:
    if form is None:
        return Call()
    return Call(form.title, form.description, Button(form.button_text, form.button_link))


class HeroView(WireStruct, kw_only=True):
    title: str
    subtitle: str
    cta_primary_text: str
    cta_primary_link: str
    cta_secondary_text: str
    cta_secondary_link: str
    background_image: str | None

    @classmethod
    def of(cls, hero: Hero) -> HeroView:
        return cls(
            title=hero.title,
            subtitle=hero.subtitle,
            cta_primary_text=hero.first.words,
            cta_primary_link=hero.first.link,
            cta_secondary_text=hero.second.words,
            cta_secondary_link=hero.second.link,
            background_image=hero.picture or None,
        )


class FeatureView(WireStruct, kw_only=True):
    icon: str
    title: str
    description: str


class CallView(WireStruct, kw_only=True):
    title: str
    description: str
    button_text: str
    button_link: str


class SiteView(WireStruct, kw_only=True):
    """The site for everybody. A section in which nothing was written is null."""

    id: str = "default"
    site_name: str
    site_title: str
    favicon: str | None
    logo: str | None
    color_primary: str
    color_secondary: str
    dark_mode: str
    storefront_template: str
    hero_section: HeroView | None
    features_section: list[FeatureView] | None
    cta_section: CallView | None
    created_at: Stamp
    updated_at: Stamp

    @classmethod
    def of(cls, site: Site) -> SiteView:
        call = site.call
        return cls(
            site_name=site.name,
            site_title=site.title,
            favicon=site.favicon,
            logo=site.logo,
            color_primary=site.primary,
            color_secondary=site.secondary,
            dark_mode=site.scheme,
            storefront_template=site.theme,
            hero_section=None if site.hero == Hero() else HeroView.of(site.hero),
            features_section=[
                FeatureView(icon=one.icon, title=one.title, description=one.words)
                for one in site.features
            ]
            or None,
            cta_section=None
            if call == Call()
            else CallView(
                title=call.title,
                description=call.words,
                button_text=call.button.words,
                button_link=call.button.link,
            ),
            created_at=stamp(site.created_at),
            updated_at=stamp(site.updated_at),
        )
