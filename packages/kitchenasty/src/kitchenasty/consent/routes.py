"""The API's doors to categories of cookies and to what guests answered."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post, put
from litestar.params import JSONBody, PathParameter, QueryParameter

from basis.errors import Invalid
from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, listed, ok
from kitchenasty.consent import answering, queries, service
from kitchenasty.consent.schemas import (
    ConsentCountView,
    ConsentForm,
    ConsentStatsView,
    ConsentView,
    CookieCategoryPatch,
    CookieCategoryView,
    CookieScriptForm,
    NewCookieCategory,
)
from kitchenasty.kit.http.access import Access, access, take_permit
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.kit.limits import CONSENT_PER_ADDRESS
from kitchenasty.kit.principals import Principal, Role

CategoryId = Annotated[str, PathParameter(max_length=64)]
Limit = Annotated[int | None, QueryParameter(ge=1, le=1_000)]
AskedCategory = Annotated[str | None, QueryParameter(name="categoryId", max_length=64)]


class SaidTwice(Invalid):
    """A category is answered twice in one body."""

    def __init__(self) -> None:
        super().__init__("Each category is answered once.")


class CookieCategoriesApi(ApiController):
    path = "/api/legal/cookie-categories"
    tags = ["Consent"]

    @get(opt=access(Access.PUBLIC), operation_id="ListCookieCategories")
    async def list_shown(self, look: Reading) -> Envelope[list[CookieCategoryView]]:
        """What guests are told and asked, in their order."""
        notice = await queries.load_notice(look)
        return ok([CookieCategoryView.of(one) for one in notice.categories])

    @get("/admin", opt=access(Access.MANAGER), operation_id="ListAllCookieCategories")
    async def list_all(self, look: Reading) -> Envelope[list[CookieCategoryView]]:
        """Those that are switched off too."""
        return ok([CookieCategoryView.of(one) for one in await queries.list_categories(look)])

    @post(opt=access(Access.MANAGER, every_house=True), operation_id="AddCookieCategory")
    async def add_category(
        self, uow: Work, data: JSONBody[NewCookieCategory]
    ) -> Envelope[CookieCategoryView]:
        """Guests are asked anew if they may decline it."""
        return ok(CookieCategoryView.of(await service.add_category(uow, data.to_draft())))

    @patch(
        "/{cookie_category_id:str}",
        opt=access(Access.MANAGER, every_house=True),
        operation_id="ChangeCookieCategory",
    )
    async def change_category(
        self, uow: Work, cookie_category_id: CategoryId, data: JSONBody[CookieCategoryPatch]
    ) -> Envelope[CookieCategoryView]:
        """Change what is given. Guests are asked anew when what they read is another text."""
        category = await service.change_category(uow, cookie_category_id, data.to_changes())
        return ok(CookieCategoryView.of(category))

    @put(
        "/{cookie_category_id:str}/script",
        opt=access(Access.SUPER_ADMIN, every_house=True),
        operation_id="SetCookieScript",
    )
    async def set_script(
        self, uow: Work, cookie_category_id: CategoryId, data: JSONBody[CookieScriptForm]
    ) -> Envelope[CookieCategoryView]:
        """What pages fetch from elsewhere once a guest has agreed."""
        category = await service.set_script(uow, cookie_category_id, url=data.url, site=data.site)
        return ok(CookieCategoryView.of(category))

    @delete(
        "/{cookie_category_id:str}",
        opt=access(Access.MANAGER, every_house=True),
        status_code=200,
        operation_id="RemoveCookieCategory",
    )
    async def remove_category(self, uow: Work, cookie_category_id: CategoryId) -> Envelope[None]:
        """What was answered stays in the log."""
        await service.remove_category(uow, cookie_category_id)
        return done("Cookie category deleted")


class ConsentApi(ApiController):
    path = "/api/consent"
    tags = ["Consent"]

    @post(opt=access(Access.PUBLIC), operation_id="AnswerAboutCookies")
    async def answer(
        self, request: WebRequest, uow: Work, data: JSONBody[ConsentForm]
    ) -> Envelope[list[ConsentView]]:
        """What a guest says to some categories. Whoever sends a token is who answers."""
        take_permit(request.app.state.limits, request, CONSENT_PER_ADDRESS)
        said = {one.cookie_category_id: one.accepted for one in data.consents}
        if len(said) < len(data.consents):
            raise SaidTwice
        kept = await answering.answer_some(uow, said, version=data.version)
        return ok([ConsentView.of(one) for one in kept])

    @get(opt=access(Access.STAFF), operation_id="ListConsents")
    async def list_answers(
        self,
        look: Reading,
        principal: Actor,
        number: Annotated[int | None, QueryParameter(name="page", ge=1, le=100_000)] = None,
        limit: Limit = None,
        category_id: AskedCategory = None,
        accepted: Annotated[bool | None, QueryParameter()] = None,
    ) -> Envelope[list[ConsentView]]:
        """The newest first. Which guest it was is told to managers of all houses only."""
        page = Page.of(number, limit)
        found, total = await queries.list_answers(
            look, page, category_id=category_id, accepted=accepted
        )
        names_guests = may_know_guests(principal)
        return listed(
            [ConsentView.of(one, names_guests=names_guests) for one in found],
            page=page.number,
            limit=page.limit,
            total=total,
        )

    @get("/stats", opt=access(Access.STAFF), operation_id="CountConsents")
    async def count(self, look: Reading) -> Envelope[ConsentStatsView]:
        """How each category was answered."""
        counts = await queries.count_answers(look)
        return ok(
            ConsentStatsView(
                total_consents=sum(one.total for one in counts),
                categories=[ConsentCountView.of(one) for one in counts],
            )
        )


def may_know_guests(principal: Principal) -> bool:
    return principal.has_role(Role.MANAGER) and principal.house_ids is None
