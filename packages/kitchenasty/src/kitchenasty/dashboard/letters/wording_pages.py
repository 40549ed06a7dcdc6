"""What letters and texts say: a page for each kind, in each language, with a preview."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from basis.kit.texts import whole_in
from kitchenasty import content, notices, wordings
from kitchenasty.dashboard.letters.wording_views import (
    kinds_of,
    languages,
    look_at,
    offered_in,
    plainly,
)
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.frames import allow_own_frame, only_in_own_frame
from kitchenasty.kit.http.i18n import available, current_locale
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    page,
)
from kitchenasty.kit.principals import Principal
from kitchenasty.notices import Letter, Pattern, Wording

HERE = "/admin/letters/wordings"
ZONE = "UTC"
PatternKey = Annotated[str, PathParameter(max_length=80)]
Line = Annotated[str, msgspec.Meta(max_length=400)]
Code = Annotated[str, msgspec.Meta(max_length=16)]
Body = Annotated[str, msgspec.Meta(max_length=8_000)]


class WordingForm(Form):
    """What was typed for one language; `seen` is the version that it was made from."""

    PARAGRAPHS = frozenset({"body"})

    language: Code = ""
    seen: Code = ""
    subject: Line = ""
    body: Body = ""
    plain: Code = ""

    @property
    def wording(self) -> Wording:
        return Wording(self.subject, self.body)

    @property
    def locale(self) -> str:
        return locale_in(self.language)


class OldWordingForm(Form):
    language: Code = ""
    seen: Code = ""
    number: Code = ""


@dataclass(frozen=True, slots=True)
class After:
    """What came of a form that is shown again."""

    refusal: DomainError | None = None
    form: WordingForm | None = None
    told: str = ""


class WordingPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @get("/")
    async def show_kinds(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return office_page(
            "dashboard/letters/kinds.html",
            request,
            principal,
            areas=kinds_of(request.app.state.letter_patterns, await wordings.list_current(look)),
        )

    @get("/{key:str}")
    async def show_kind(
        self, request: WebRequest, look: Reading, principal: Actor, key: PatternKey
    ) -> Response[Any]:
        return await show(request, look, principal, key)

    @post("/{key:str}")
    async def change_words(
        self,
        request: WebRequest,
        principal: Actor,
        key: PatternKey,
        data: URLEncodedBody[WordingForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, pattern_of(request, key), data),
            lambda look, said: show(request, look, principal, key, After(said, data)),
        )

    @post("/{key:str}/check")
    async def check_words(
        self,
        request: WebRequest,
        look: Reading,
        key: PatternKey,
        data: URLEncodedBody[WordingForm],
    ) -> Response[Any]:
        """While they are typed: what is wrong with them, and nothing is kept."""
        pattern = pattern_of(request, key)
        looked = await look_at(look, pattern, data.locale, data.wording)
        return page("dashboard/letters/looked.html", looked=looked, pattern=pattern)

    @get("/{key:str}/letter.html")
    async def show_preview(
        self, request: WebRequest, look: Reading, key: PatternKey
    ) -> Response[Any]:
        """What counts now, as a mail."""
        pattern, locale = pattern_of(request, key), locale_in(request.query_params.get("language"))
        wording, _ = await wordings.load_wording(look, pattern, locale)
        return await preview(request, look, pattern, locale, wording)

    @post("/{key:str}/letter.html", status_code=200)
    async def preview_words(
        self,
        request: WebRequest,
        look: Reading,
        key: PatternKey,
        data: URLEncodedBody[WordingForm],
    ) -> Response[Any]:
        """What was typed, as a mail or in plain text; nothing is kept."""
        pattern = pattern_of(request, key)
        return await preview(
            request, look, pattern, data.locale, data.wording, is_plain=bool(data.plain)
        )

    @post("/{key:str}/test", status_code=200)
    async def send_test(
        self,
        request: WebRequest,
        principal: Actor,
        key: PatternKey,
        data: URLEncodedBody[WordingForm],
    ) -> Response[Any]:
        """To whoever asks, with invented facts. Outside any transaction: the mail server may take
        its time.
        """
        refusal: DomainError | None = None
        try:
            await send(request, principal, pattern_of(request, key), data)
        except DomainError as error:
            refusal = error
        async with request.app.state.books.reading(principal) as look:
            return await show(request, look, principal, key, After(refusal, data, "tried"))

    @post("/{key:str}/standard")
    async def go_back_to_standard(
        self,
        request: WebRequest,
        principal: Actor,
        key: PatternKey,
        data: URLEncodedBody[OldWordingForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: forget(uow, pattern_of(request, key), data),
            lambda look, said: show(request, look, principal, key, After(said)),
        )

    @post("/{key:str}/restore")
    async def restore_words(
        self,
        request: WebRequest,
        principal: Actor,
        key: PatternKey,
        data: URLEncodedBody[OldWordingForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: restore(uow, pattern_of(request, key), data),
            lambda look, said: show(request, look, principal, key, After(said)),
        )


async def keep(uow: UnitOfWork, pattern: Pattern, form: WordingForm) -> str:
    await wordings.change_wording(
        uow, pattern, form.locale, form.wording, seen=whole_in(form.seen) or 0
    )
    return address_of(pattern, form.locale, "kept")


async def forget(uow: UnitOfWork, pattern: Pattern, form: OldWordingForm) -> str:
    locale = locale_in(form.language)
    await wordings.go_back_to_standard(uow, pattern, locale, seen=whole_in(form.seen) or 0)
    return address_of(pattern, locale, "standard")


async def restore(uow: UnitOfWork, pattern: Pattern, form: OldWordingForm) -> str:
    locale = locale_in(form.language)
    await wordings.restore_wording(
        uow, pattern, locale, whole_in(form.number) or 0, seen=whole_in(form.seen) or 0
    )
    return address_of(pattern, locale, "restored")


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    key: str,
    after: After | None = None,
) -> Response[Any]:
    pattern, after = pattern_of(request, key), after or After()
    form = after.form
    locale = form.locale if form else locale_in(request.query_params.get("language"))
    kept, number = await wordings.load_wording(look, pattern, locale)
    typed = form.wording if form else kept
    history = await wordings.list_history(look, pattern.key, locale)
    response = office_page(
        "dashboard/letters/wording.html",
        request,
        principal,
        refusal=after.refusal,
        pattern=pattern,
        language=locale,
        tabs=[(address_of(pattern, code), name, code == locale) for code, name in languages()],
        typed=typed,
        seen=form.seen if form else number,
        is_own=bool(history and history[0].own),
        looked=await look_at(look, pattern, locale, typed),
        offered=offered_in(pattern),
        history=history,
        email=principal.email,
        zone=ZONE,
        told="" if after.refusal else after.told or request.query_params.get("told", ""),
    )
    return allow_own_frame(response)


async def preview(
    request: WebRequest,
    look: Look,
    pattern: Pattern,
    locale: str,
    wording: Wording,
    *,
    is_plain: bool = False,
) -> Response[Any]:
    """With mistakes there is nothing to look at but the first of them."""
    mistakes = wordings.mistakes_in(pattern, wording)
    if mistakes:
        return only_in_own_frame(page("dashboard/letters/no_preview.html", mistakes=mistakes))
    if pattern.is_text:
        text = await wordings.example_text(look, pattern, locale, wording)
        return only_in_own_frame(Response(text, media_type="text/plain; charset=utf-8"))
    letter = await wordings.example_letter(look, pattern, locale, wording)
    data_dir = request.app.state.config.data_dir
    return only_in_own_frame(await composed(look, letter, locale, data_dir, is_plain=is_plain))


async def composed(
    look: Look, letter: Letter, locale: str, data_dir: Path, *, is_plain: bool
) -> Response[Any]:
    head = await content.letter_head(look, data_dir)
    site = await content.load_site(look)
    source = str(site.logo) if head.picture else ""
    around = notices.Frame(head, letter.house or head.name or site.name, source)
    language = current_locale.set(locale)
    try:
        if is_plain:
            text = f"{letter.subject}\n\n{notices.plain_of(letter, around)}"
            return Response(text, media_type="text/plain; charset=utf-8")
        html = notices.html_of(letter, around)
        return Response(html, media_type="text/html; charset=utf-8")
    finally:
        current_locale.reset(language)


async def send(
    request: WebRequest, principal: Principal, pattern: Pattern, form: WordingForm
) -> None:
    """Raises WordingHasMistakes, NoMailServer, MailNotTaken."""
    mistakes = wordings.mistakes_in(pattern, form.wording)
    if mistakes:
        raise plainly(mistakes)
    books = request.app.state.books
    async with books.reading(principal) as look:
        letter = (
            Letter(
                subject=pattern.key,
                paragraphs=(await wordings.example_text(look, pattern, form.locale, form.wording),),
            )
            if pattern.is_text
            else await wordings.example_letter(look, pattern, form.locale, form.wording)
        )
        head = await content.letter_head(look, request.app.state.config.data_dir)
    language = current_locale.set(form.locale)
    try:
        await notices.send_test(books, principal, str(principal.email), letter=letter, head=head)
    finally:
        current_locale.reset(language)


def pattern_of(request: WebRequest, key: str) -> Pattern:
    """Raises WordingNotFound."""
    found: Pattern | None = request.app.state.letter_patterns.get(key)
    if found is None:
        raise wordings.WordingNotFound("There is no such kind of letters.")
    return found


def locale_in(typed: str | None) -> str:
    """What was asked for, else the language of whoever looks."""
    return typed if typed in available() else current_locale.get()


def address_of(pattern: Pattern, locale: str, told: str = "") -> str:
    return f"{HERE}/{pattern.key}?language={locale}" + (f"&told={told}" if told else "")
