"""Branding: the house's name, pictures, colours and theme, with a look at them beside the form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from basis.errors import DomainError
from basis.kit.http.wire import Form, WireStruct
from basis.sentences import word
from kitchenasty import content, media
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.site.uploads import UPLOAD_BYTES_MAX, Sent, read_form
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
    writing_for,
)
from kitchenasty.kit.principals import Principal

HERE = "/admin/site/branding"
Colour = Annotated[str, msgspec.Meta(max_length=7)]
Asked = Annotated[str, QueryParameter(max_length=7)]
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PLACES = {
    "button": word("Words on buttons"),
    "link": word("Links on the page"),
    "badge": word("Words on tinted ground"),
}
SCHEME_WORDS = {
    "light": word("Light"),
    "dark": word("Dark"),
    "system": word("As the guest's device"),
}


class BrandingTyped(Form, kw_only=True):
    """What a manager types. Colours count only with `own`; a switch that is off is not sent."""

    name: Annotated[str, msgspec.Meta(max_length=80)] = ""
    title: Annotated[str, msgspec.Meta(max_length=120)] = ""
    theme: Annotated[str, msgspec.Meta(max_length=16)] = "classic"
    scheme: Annotated[str, msgspec.Meta(max_length=8)] = "system"
    own: Annotated[str, msgspec.Meta(max_length=2)] = ""
    primary: Colour = ""
    secondary: Colour = ""
    no_logo: Annotated[str, msgspec.Meta(max_length=2)] = ""
    no_favicon: Annotated[str, msgspec.Meta(max_length=2)] = ""


class ToneView(WireStruct, kw_only=True):
    """What a colour becomes: what the stylesheet takes of it, and how well words can be read."""

    hue: float
    chroma: float
    contrasts: dict[str, str]


@dataclass(frozen=True, slots=True)
class ContrastLine:
    key: str
    where: str
    scheme: str
    ratio: str


class BrandingPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_branding(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return show(request, principal, await content.load_site(look))

    @post(
        "/",
        opt=access(Access.MANAGER, every_house=True, reads=BrandingTyped),
        request_max_body_size=UPLOAD_BYTES_MAX,
    )
    async def change(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """A refusal shows the form again as it was typed. Pictures are made before the transaction
        is opened, since that takes its time.
        """
        typed, files = await read_form(request, BrandingTyped)
        try:
            pictures = await received(request, files)
            async with writing_for(request, principal) as uow:
                for upload in pictures.values():
                    await media.shelve(uow, upload)
                paths = {field: upload.path for field, upload in pictures.items()}
                await content.change_site(uow, changes_in(typed) | paths)
        except DomainError as refusal:
            return show(request, principal, content.current_site.get(), typed, refusal)
        return back_to(f"{HERE}?saved=1")

    @get("/tone.json")
    async def show_tone(self, colour: Asked = "") -> ToneView:
        """For the look beside the form, before anything is saved."""
        tone = content.tone_of(colour if COLOUR.fullmatch(colour) else "#808080")
        lines = lines_of(tone)
        return ToneView(
            hue=tone.hue, chroma=tone.chroma, contrasts={line.key: line.ratio for line in lines}
        )


def changes_in(typed: BrandingTyped) -> dict[str, Any]:
    gone = {"logo": typed.no_logo, "favicon": typed.no_favicon}
    return {field: None for field, said in gone.items() if said} | {
        "name_given": typed.name,
        "title_given": typed.title,
        "theme": typed.theme,
        "scheme": typed.scheme,
        "primary_given": typed.primary if typed.own else None,
        "secondary_given": typed.secondary if typed.own else None,
    }


async def received(request: WebRequest, files: list[Sent]) -> dict[str, media.Upload]:
    """The pictures that were chosen, kept, by their fields. Raises PictureRefused."""
    folder = request.app.state.config.data_dir
    found: dict[str, media.Upload] = {}
    for sent in files:
        if sent.field == "logo":
            found["logo"] = await media.receive(folder, sent.content, sent.name)
        elif sent.field == "favicon":
            path = await media.keep_icon(folder, sent.content)
            found["favicon"] = await media.received(folder, path, sent.name)
    return found


def show(
    request: WebRequest,
    principal: Principal,
    site: content.Site,
    typed: BrandingTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    return office_page(
        "dashboard/site/branding.html",
        request,
        principal,
        refusal=refusal,
        shown=site,
        form=typed or typed_of(site),
        themes=[
            (code, translate(words), first, second)
            for code, (words, first, second) in content.THEMES.items()
        ],
        schemes=[(code, translate(SCHEME_WORDS[code])) for code in content.SCHEMES],
        lines=lines_of(site.tone),
        least=content.LEAST_CONTRAST,
        may_change=principal.house_ids is None,
        saved=request.query_params.get("saved", ""),
    )


def typed_of(site: content.Site) -> BrandingTyped:
    return BrandingTyped(
        name=site.name_given or "",
        title=site.title_given or "",
        theme=site.theme,
        scheme=site.scheme,
        own="on" if site.has_colours else "",
        primary=site.primary,
        secondary=site.secondary,
    )


def lines_of(tone: content.Tone) -> list[ContrastLine]:
    return [
        ContrastLine(
            f"{one.where}-{one.scheme}",
            translate(PLACES[one.where]),
            translate(SCHEME_WORDS[one.scheme]),
            f"{one.ratio:.1f}",
        )
        for one in content.contrasts_of(tone)
    ]
