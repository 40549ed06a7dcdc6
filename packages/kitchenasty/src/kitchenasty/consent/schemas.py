"""Cookies on the wire: categories, answers, and how many accepted."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, Stamp, WireStruct, stamp
from kitchenasty.consent.records import Answer, CategoryDraft, Count
from kitchenasty.consent.rules import CATEGORIES_MAX, COOKIES_MAX, SCRIPT_LENGTH_MAX, Category

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Description = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
CookieNames = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=61)]], msgspec.Meta(max_length=COOKIES_MAX)
]
Order = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
CategoryId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class NewCookieCategory(Form, kw_only=True):
    """`cookies` are names, `_pk_*` for all that begin so."""

    name: Name
    label: Label
    description: Description
    cookies: CookieNames = msgspec.field(default_factory=list)
    is_required: bool = False
    is_active: bool = True
    sort_order: Order = 0

    def to_draft(self) -> CategoryDraft:
        return CategoryDraft(
            name=self.name,
            label=self.label,
            description=self.description,
            cookies=tuple(self.cookies),
            is_required=self.is_required,
            is_active=self.is_active,
            sort_order=self.sort_order,
        )


class CookieCategoryPatch(Form, kw_only=True):
    """What is left out stays."""

    name: Name | UnsetType = UNSET
    label: Label | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    cookies: CookieNames | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    sort_order: Order | UnsetType = UNSET

    def to_changes(self) -> dict[str, Any]:
        given = msgspec.structs.asdict(self)
        changes = {name: value for name, value in given.items() if value is not UNSET}
        if "cookies" in changes:
            changes["cookies"] = tuple(changes["cookies"])
        return changes


class CookieScriptForm(Form, kw_only=True):
    """An empty address takes the script away."""

    url: Annotated[str, msgspec.Meta(max_length=SCRIPT_LENGTH_MAX)] = ""
    site: Annotated[str, msgspec.Meta(max_length=100)] = ""


class CookieCategoryView(WireStruct, kw_only=True):
    id: str
    name: str
    label: str
    description: str
    cookies: list[str]
    script_url: str | None
    script_site: str
    is_required: bool
    is_active: bool
    sort_order: int
    created_at: Stamp
    updated_at: Stamp

    @classmethod
    def of(cls, category: Category) -> CookieCategoryView:
        return cls(
            id=category.id,
            name=category.name,
            label=category.label,
            description=category.description,
            cookies=list(category.cookies),
            script_url=category.script.url if category.script else None,
            script_site=category.script.site if category.script else "",
            is_required=category.is_required,
            is_active=category.is_active,
            sort_order=category.sort_order,
            created_at=stamp(category.created_at),
            updated_at=stamp(category.updated_at),
        )


class ConsentSaid(Form, kw_only=True):
    cookie_category_id: CategoryId
    accepted: bool


class ConsentForm(Form, kw_only=True):
    """What a guest said to each category. Who they are is known by their token, not by what they
    send. `version` is that of the question that they saw, if the client knows it.
    """

    consents: Annotated[list[ConsentSaid], msgspec.Meta(min_length=1, max_length=CATEGORIES_MAX)]
    version: Annotated[int, msgspec.Meta(ge=0, le=999_999_999)] | None = None


class CookieCategoryName(WireStruct, kw_only=True):
    id: str
    name: str


class ConsentView(WireStruct, kw_only=True):
    """A row of the log. Neither address nor browser is kept, so both are null. `visitor` is the
    same for all answers of one browser.
    """

    id: str
    cookie_category_id: str
    cookie_category: CookieCategoryName
    version: int
    accepted: bool
    customer_id: str | None
    visitor: str
    created_at: Stamp
    ip_address: None = None
    user_agent: None = None

    @classmethod
    def of(cls, answer: Answer, *, names_guests: bool = True) -> ConsentView:
        return cls(
            id=answer.id,
            cookie_category_id=answer.category_id,
            cookie_category=CookieCategoryName(id=answer.category_id, name=answer.category),
            version=answer.version,
            accepted=answer.accepted,
            customer_id=answer.customer_id if names_guests else None,
            visitor=answer.visitor,
            created_at=stamp(answer.created_at),
        )


class ConsentCountView(WireStruct, kw_only=True):
    """`acceptance_rate` is in percent, with one decimal."""

    category_id: str
    category_name: str
    total: int
    accepted: int
    rejected: int
    acceptance_rate: Decimal

    @classmethod
    def of(cls, count: Count) -> ConsentCountView:
        share = Decimal(100 * count.accepted) / count.total if count.total else Decimal(0)
        return cls(
            category_id=count.category.id,
            category_name=count.category.name,
            total=count.total,
            accepted=count.accepted,
            rejected=count.declined,
            acceptance_rate=share.quantize(Decimal("0.1")),
        )


class ConsentStatsView(WireStruct, kw_only=True):
    """Of all answers that are still in the log."""

    total_consents: int
    categories: list[ConsentCountView]
