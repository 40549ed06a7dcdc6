"""The front in the owner's words: its head, what speaks for the house, and a call at its end."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import content, media
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.site.uploads import UPLOAD_BYTES_MAX, Sent, read_form
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
    writing_for,
)
from kitchenasty.kit.principals import Principal

HERE = "/admin/site/front"
Title = Annotated[str, msgspec.Meta(max_length=120)]
Words = Annotated[str, msgspec.Meta(max_length=400)]
Short = Annotated[str, msgspec.Meta(max_length=60)]
Link = Annotated[str, msgspec.Meta(max_length=300)]
Sign = Annotated[str, msgspec.Meta(max_length=20)]


class LandingTyped(Form, kw_only=True):
    """What a manager types. Features without a title are none."""

    hero_title: Title = ""
    hero_subtitle: Words = ""
    first_words: Short = ""
    first_link: Link = ""
    second_words: Short = ""
    second_link: Link = ""
    no_picture: Annotated[str, msgspec.Meta(max_length=2)] = ""
    icon_1: Sign = ""
    title_1: Title = ""
    words_1: Words = ""
    icon_2: Sign = ""
    title_2: Title = ""
    words_2: Words = ""
    icon_3: Sign = ""
    title_3: Title = ""
    words_3: Words = ""
    icon_4: Sign = ""
    title_4: Title = ""
    words_4: Words = ""
    icon_5: Sign = ""
    title_5: Title = ""
    words_5: Words = ""
    icon_6: Sign = ""
    title_6: Title = ""
    words_6: Words = ""
    call_title: Title = ""
    call_words: Words = ""
    call_button: Short = ""
    call_link: Link = ""


class LandingPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_front(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return show(request, principal, await content.load_site(look))

    @post(
        "/",
        opt=access(Access.MANAGER, every_house=True, reads=LandingTyped),
        request_max_body_size=UPLOAD_BYTES_MAX,
    )
    async def change(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """A refusal shows the form again as it was typed."""
        typed, files = await read_form(request, LandingTyped)
        try:
            upload = await picture_in(request, files)
            async with writing_for(request, principal) as uow:
                if upload is not None:
                    await media.shelve(uow, upload)
                kept = "" if typed.no_picture else (await content.load_site(uow)).hero.picture
                await content.change_site(uow, changes_in(typed, upload.path if upload else kept))
        except DomainError as refusal:
            return show(request, principal, content.current_site.get(), typed, refusal)
        return back_to(f"{HERE}?saved=1")


async def picture_in(request: WebRequest, files: list[Sent]) -> media.Upload | None:
    """The picture that was chosen for behind the head, kept. Raises PictureRefused."""
    for sent in files:
        if sent.field == "picture":
            return await media.receive(
                request.app.state.config.data_dir,
                sent.content,
                sent.name,
                side_max=media.WIDE_SIDE_MAX,
            )
    return None


def changes_in(typed: LandingTyped, picture: str) -> dict[str, Any]:
    return {
        "hero": content.Hero(
            typed.hero_title,
            typed.hero_subtitle,
            content.Button(typed.first_words, typed.first_link),
            content.Button(typed.second_words, typed.second_link),
            picture,
        ),
        "features": tuple(
            content.Feature(
                getattr(typed, f"icon_{place}"),
                getattr(typed, f"title_{place}"),
                getattr(typed, f"words_{place}"),
            )
            for place in places()
        ),
        "call": content.Call(
            typed.call_title, typed.call_words, content.Button(typed.call_button, typed.call_link)
        ),
    }


def places() -> range:
    return range(1, content.FEATURES_MAX + 1)


def show(
    request: WebRequest,
    principal: Principal,
    site: content.Site,
    typed: LandingTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    return office_page(
        "dashboard/site/front.html",
        request,
        principal,
        refusal=refusal,
        shown=site,
        form=msgspec.structs.asdict(typed or typed_of(site)),
        places=places(),
        icons=content.ICONS,
        may_change=principal.house_ids is None,
        saved=request.query_params.get("saved", ""),
    )


def typed_of(site: content.Site) -> LandingTyped:
    features: dict[str, str] = {}
    for place, one in enumerate(site.features, 1):
        features |= {
            f"icon_{place}": one.icon,
            f"title_{place}": one.title,
            f"words_{place}": one.words,
        }
    return LandingTyped(
        hero_title=site.hero.title,
        hero_subtitle=site.hero.subtitle,
        first_words=site.hero.first.words,
        first_link=site.hero.first.link,
        second_words=site.hero.second.words,
        second_link=site.hero.second.link,
        call_title=site.call.title,
        call_words=site.call.words,
        call_button=site.call.button.words,
        call_link=site.call.button.link,
        **features,
    )
