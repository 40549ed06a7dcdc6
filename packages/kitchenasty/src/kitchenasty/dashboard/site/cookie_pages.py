"""Cookies in the office: what guests are asked, what they said, and the log of it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, QueryParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form
from kitchenasty import consent
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
)
from kitchenasty.kit.principals import Principal, Role

HERE = "/admin/site/cookies"
SHOWN = 50
CategoryId = Annotated[str, PathParameter(max_length=64)]
Number = Annotated[int | None, QueryParameter(name="page")]


class CategoryTyped(Form, kw_only=True):
    """A category as it is typed; a switch that is off is not sent. `cookies` are names with blanks
    or commas between them.
    """

    name: Annotated[str, msgspec.Meta(max_length=60)] = ""
    label: Annotated[str, msgspec.Meta(max_length=80)] = ""
    description: Annotated[str, msgspec.Meta(max_length=500)] = ""
    cookies: Annotated[str, msgspec.Meta(max_length=1_400)] = ""
    is_required: Annotated[str, msgspec.Meta(max_length=2)] = ""
    is_active: Annotated[str, msgspec.Meta(max_length=2)] = ""
    sort_order: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0

    def to_changes(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "description": self.description,
            "cookies": tuple(self.cookies.replace(",", " ").split()),
            "is_required": bool(self.is_required),
            "is_active": bool(self.is_active),
            "sort_order": self.sort_order,
        }


class ScriptTyped(Form, kw_only=True):
    url: Annotated[str, msgspec.Meta(max_length=consent.SCRIPT_LENGTH_MAX)] = ""
    site: Annotated[str, msgspec.Meta(max_length=100)] = ""

    VERBATIM: ClassVar[frozenset[str]] = frozenset({"url"})


class CookieCategoryPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_categories(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/", opt=access(Access.MANAGER, every_house=True))
    async def add(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[CategoryTyped]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: add(uow, data),
            lambda look, said: show(request, look, principal, data, said),
        )

    @get("/answers")
    async def show_answers(
        self, request: WebRequest, look: Reading, principal: Actor, number: Number = None
    ) -> Response[Any]:
        """The log, the newest first, and what each version asked."""
        wanted = Page.of(number, SHOWN)
        answers, total = await consent.list_answers(look, wanted)
        is_more = wanted.offset + len(answers) < total
        return office_page(
            "dashboard/site/cookie_answers.html",
            request,
            principal,
            answers=answers,
            questions=await consent.list_questions(look),
            total=total,
            kept_days=consent.KEPT_DAYS,
            newer=f"{HERE}/answers?page={wanted.number - 1}" if wanted.number > 1 else None,
            older=f"{HERE}/answers?page={wanted.number + 1}" if is_more else None,
            names_guests=principal.house_ids is None,
        )

    @get("/{cookie_category_id:str}")
    async def edit(
        self, request: WebRequest, look: Reading, principal: Actor, cookie_category_id: CategoryId
    ) -> Response[Any]:
        return await show_one(request, look, principal, cookie_category_id)

    @post("/{cookie_category_id:str}", opt=access(Access.MANAGER, every_house=True))
    async def change(
        self,
        request: WebRequest,
        principal: Actor,
        cookie_category_id: CategoryId,
        data: URLEncodedBody[CategoryTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: change(uow, cookie_category_id, data),
            lambda look, said: show_one(request, look, principal, cookie_category_id, data, said),
            refused=(consent.CategoryRefused, consent.CategoryNameTaken),
        )

    @post("/{cookie_category_id:str}/script", opt=access(Access.SUPER_ADMIN, every_house=True))
    async def set_script(
        self,
        request: WebRequest,
        principal: Actor,
        cookie_category_id: CategoryId,
        data: URLEncodedBody[ScriptTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: set_script(uow, cookie_category_id, data),
            lambda look, said: show_one(request, look, principal, cookie_category_id, data, said),
            refused=consent.CategoryRefused,
        )

    @post("/{cookie_category_id:str}/remove", opt=access(Access.MANAGER, every_house=True))
    async def remove(self, uow: Work, cookie_category_id: CategoryId) -> Response[Any]:
        await consent.remove_category(uow, cookie_category_id)
        return back_to(f"{HERE}?saved=1")


async def add(uow: UnitOfWork, form: CategoryTyped) -> str:
    category = await consent.add_category(uow, consent.CategoryDraft(**form.to_changes()))
    return f"{HERE}/{category.id}?saved=1"


async def change(uow: UnitOfWork, category_id: str, form: CategoryTyped) -> str:
    await consent.change_category(uow, category_id, form.to_changes())
    return f"{HERE}/{category_id}?saved=1"


async def set_script(uow: UnitOfWork, category_id: str, form: ScriptTyped) -> str:
    await consent.set_script(uow, category_id, url=form.url, site=form.site)
    return f"{HERE}/{category_id}?saved=1"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    typed: CategoryTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    notice = await consent.load_notice(look)
    return office_page(
        "dashboard/site/cookies.html",
        request,
        principal,
        refusal=refusal,
        counts=await consent.count_answers(look),
        notice=notice,
        form=typed or CategoryTyped(is_active="on"),
        may_change=principal.house_ids is None,
        saved=request.query_params.get("saved", ""),
    )


async def show_one(
    request: WebRequest,
    look: Look,
    principal: Principal,
    category_id: str,
    typed: CategoryTyped | ScriptTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    category = await consent.load_category(look, category_id)
    may_change = principal.house_ids is None
    return office_page(
        "dashboard/site/cookie.html",
        request,
        principal,
        refusal=refusal,
        category=category,
        form=typed if isinstance(typed, CategoryTyped) else typed_of(category),
        script=typed if isinstance(typed, ScriptTyped) else script_of(category),
        may_change=may_change,
        may_set_script=may_change and principal.has_role(Role.SUPER_ADMIN),
        saved=request.query_params.get("saved", ""),
    )


def typed_of(category: consent.Category) -> CategoryTyped:
    return CategoryTyped(
        name=category.name,
        label=category.label,
        description=category.description,
        cookies=", ".join(category.cookies),
        is_required="on" if category.is_required else "",
        is_active="on" if category.is_active else "",
        sort_order=category.sort_order,
    )


def script_of(category: consent.Category) -> ScriptTyped:
    if category.script is None:
        return ScriptTyped()
    return ScriptTyped(url=category.script.url, site=category.script.site)
