"""Settings in the office: what is on and off at a glance, and a page for each group."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from basis.errors import DomainError
from basis.kit.texts import one_line, paragraphs
from kitchenasty import notices, openid, settings, texting
from kitchenasty.dashboard.settings.registry import (
    BY_NAME,
    CHAPTERS,
    HERE,
    Chapter,
    pages_for,
)
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.principals import Principal, Role
from kitchenasty.settings import Field, Kind, Shown


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with a form: texts by the name of their setting, and the settings to forget."""

    texts: Mapping[str, settings.Value] = field(default_factory=dict)
    forgotten: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting on a page. `text` is what stands in its field, `problem` what is wrong with it."""

    shown: Shown
    text: str
    is_on: bool
    otherwise: str
    is_forgotten: bool
    problem: str | None

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(code, translate(words)) for code, words in self.shown.field.choices]


NOTHING = Typed()


class SettingsPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def list_groups(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        chapters = [one for one in CHAPTERS if principal.has_role(one.role)]
        return office_page(
            "dashboard/settings.html",
            request,
            principal,
            chapters=[
                (one, [entry_of(shown) for shown in await settings.show(look, one.group)])
                for one in chapters
            ],
        )

    @get(pages_for(Role.MANAGER))
    async def show_group(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post(pages_for(Role.MANAGER), opt=access(Access.MANAGER, every_house=True))
    async def change_group(self, request: WebRequest, principal: Actor) -> Response[Any]:
        return await change(request, principal)

    @post("/mail/test", opt=access(Access.SUPER_ADMIN), status_code=200)
    async def test_mail(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """A letter to whoever asks. Outside any transaction: the server may take its time."""
        books = request.app.state.books
        to = str(principal.email)
        refusal: DomainError | None = None
        try:
            await notices.send_test(books, principal, to)
        except DomainError as error:
            refusal = error
        async with books.reading(principal) as look:
            return await show(request, look, principal, refusal=refusal, tried=to)

    @post("/texting/test", opt=access(Access.SUPER_ADMIN), status_code=200)
    async def test_texting(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """A text to a number that is typed. Outside any transaction: Twilio may take its time."""
        books, form = request.app.state.books, await request.form()
        number, refusal = "", None
        try:
            number = await texting.send_test_text(books, principal, str(form.get("to", "")))
        except DomainError as error:
            refusal = error
        async with books.reading(principal) as look:
            return await show(request, look, principal, refusal=refusal, tried=number)

    @post("/openid/test", opt=access(Access.SUPER_ADMIN), status_code=200)
    async def test_provider(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """Ask the provider to describe itself, outside any transaction."""
        books, networks = request.app.state.books, request.app.state.config.outgoing_networks
        issuer, refusal = "", None
        try:
            issuer = await openid.try_provider(books, networks)
        except DomainError as error:
            refusal = error
        async with books.reading(principal) as look:
            return await show(request, look, principal, refusal=refusal, tried=issuer)

    @get(pages_for(Role.SUPER_ADMIN), opt=access(Access.SUPER_ADMIN))
    async def show_owners_group(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post(pages_for(Role.SUPER_ADMIN), opt=access(Access.SUPER_ADMIN))
    async def change_owners_group(self, request: WebRequest, principal: Actor) -> Response[Any]:
        return await change(request, principal)


async def change(request: WebRequest, principal: Principal) -> Response[Any]:
    group = chapter_of(request).group
    typed = typed_in(await request.form(), group)
    return await keep_or_show_again(
        request,
        principal,
        lambda uow: keep(uow, group, typed),
        lambda look, said: show(request, look, principal, typed=typed, refusal=said),
    )


async def keep(uow: UnitOfWork, group: settings.Group, typed: Typed) -> str:
    await settings.change(uow, group, typed.texts, forgotten=typed.forgotten)
    return f"{HERE}/{group.name}?saved=1"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    typed: Typed = NOTHING,
    refusal: DomainError | None = None,
    tried: str = "",
) -> Response[Any]:
    chapter = chapter_of(request)
    problems = refusal.problems if isinstance(refusal, settings.SettingRefused) else {}
    shown = await settings.show(look, chapter.group)
    return office_page(
        "dashboard/settings_group.html",
        request,
        principal,
        refusal=refusal,
        chapter=chapter,
        entries=[entry_of(one, typed, problems.get(one.field.name)) for one in shown],
        zones=zones_for(chapter),
        is_saved="saved" in request.query_params,
        tried="" if refusal else tried,
        back_to=[look.given.get("PUBLIC_URL", "") + path for path in openid.BACK.values()],
        answers_at=look.given.get("PUBLIC_URL", "") + texting.ANSWERS,
        address=principal.email,
        has_url="PUBLIC_URL" in look.given,
        may_change=principal.house_ids is None,
    )


def chapter_of(request: WebRequest) -> Chapter:
    return BY_NAME[request.url.path.removeprefix(HERE).split("/")[1]]


def zones_for(chapter: Chapter) -> list[str]:
    """The time zones that a browser may suggest, where one is asked for."""
    has_zone = any(one.kind is Kind.ZONE for one in chapter.group.fields)
    return sorted(settings.zone_names()) if has_zone else []


def typed_in(form: FormMultiDict, group: settings.Group) -> Typed:
    """Browsers do not send a switch that is off, so `whole` says that the form had them; without it
    none is turned off.
    """
    texts: dict[str, settings.Value] = {
        one.name: clean(one, str(form[one.name])) for one in group.fields if one.name in form
    }
    if "whole" in form:
        texts |= {one.name: one.name in form for one in group.fields if one.is_switch}
    return Typed(texts, [str(name) for name in form.getall("forget", [])])


def clean(one: Field, text: str) -> str:
    """What a reader can see; a secret as it was typed."""
    if one.is_secret:
        return text
    return paragraphs(text) if one.kind is Kind.PARAGRAPH else one_line(text)


def entry_of(shown: Shown, typed: Typed = NOTHING, problem: str | None = None) -> Entry:
    """As it was typed, if it was; a secret that was typed is not sent back."""
    name, value = shown.field.name, shown.value
    if name in typed.texts and not shown.field.is_secret:
        value = typed.texts[name]
    return Entry(
        shown=shown,
        text=text_of(shown.field, value),
        is_on=value is True,
        otherwise=text_of(shown.field, shown.otherwise),
        is_forgotten=name in typed.forgotten,
        problem=translate(problem) if problem else None,
    )


def text_of(one: Field, value: settings.Value) -> str:
    """The value as people read it; that of a choice stays its code."""
    if value is None:
        return ""
    if one.is_switch:
        return translate("on") if value else translate("off")
    return settings.write_value(value)
