"""The page of one dish: written down, changed, pictured, made once more, switched off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import PathParameter

from basis.errors import DomainError, Invalid
from basis.kit.http.wire import ENCODER
from basis.sentences import word
from kitchenasty import media, menu
from kitchenasty.dashboard.menu.dish_form import FIELDS_OF, DishForm, draft_of, form_of
from kitchenasty.dashboard.menu.seen import seen_again, seen_in
from kitchenasty.dashboard.menu.sheet_filter import HERE
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
    wants_json,
    writing_for,
)
from kitchenasty.kit.principals import Principal, Role

NEW = "new"
UPLOAD_BYTES_MAX = 9_000_000
MARKS = {
    "vegan": word("Vegan"),
    "vegetarian": word("Vegetarian"),
    "halal": word("Halal"),
    "kosher": word("Kosher"),
    "gluten-free": word("Gluten-free"),
    "organic": word("Organic"),
    "spicy": word("Spicy"),
    "fish": word("Fish"),
}
EMPTY_PARTS = 3
FIELD_WORDS = {
    "name": word("Name"),
    "description": word("Description"),
    "price_minor": word("Price"),
    "deposit_minor": word("Deposit"),
    "category_id": word("Category"),
    "tax_category": word("Tax category"),
    "marks": word("Marks"),
    "allergens": word("Allergens"),
    "work_minutes": word("Minutes of work"),
    "order_type": word("How it is ordered"),
    "house_id": word("House"),
    "closed_to": word("Not at these houses"),
    "mealtime_ids": word("Mealtimes"),
    "stock": word("Stock"),
    "is_86": word("Sold out"),
    "is_active": word("On the menu"),
    "components": word("Parts of a set menu"),
}
DishId = Annotated[str, PathParameter(max_length=64)]


class PictureMissing(Invalid):
    """The form has no file in its field `image`."""


class DishPages(Controller):
    path = f"{HERE}/dishes"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/{dish_id:str}")
    async def show_dish(
        self, request: WebRequest, look: Reading, principal: Actor, dish_id: DishId
    ) -> Response[Any]:
        if dish_id == NEW:
            category = request.query_params.get("category", "")[:36]
            house = next(iter(principal.house_ids or ()), "")
            form = DishForm(category=category, tax_category="standard", active="on", house=house)
            return await show(request, look, principal, (NEW, form))
        return await show_now(request, look, principal, dish_id)

    @post("/{dish_id:str}", opt=access(Access.MANAGER, reads=DishForm))
    async def save_dish(
        self, request: WebRequest, principal: Actor, dish_id: DishId
    ) -> Response[Any]:
        form = await read_ticked(request, DishForm)
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, dish_id, form),
            lambda look, said: show(request, look, principal, (dish_id, form), refusal=said),
        )

    @post("/{dish_id:str}/duplicate")
    async def duplicate(self, uow: Work, dish_id: DishId) -> Response[Any]:
        name = (await menu.load_entry(uow, dish_id)).name
        copy = translate("{dish} (copy)").format(dish=name[:100])
        return back_to(f"{HERE}/dishes/{await menu.duplicate_dish(uow, dish_id, name=copy)}")

    @post("/{dish_id:str}/delete", opt=access(Access.SUPER_ADMIN))
    async def delete(self, request: WebRequest, principal: Actor, dish_id: DishId) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: delete(uow, dish_id),
            lambda look, said: show_now(request, look, principal, dish_id, refusal=said),
            refused=menu.StillInUse,
        )

    @post("/{dish_id:str}/picture", request_max_body_size=UPLOAD_BYTES_MAX)
    async def upload(self, request: WebRequest, principal: Actor, dish_id: DishId) -> Response[Any]:
        """Kept before the transaction begins: to look at a picture can take a second."""
        books = entrance_of(request).books
        try:
            async with books.reading(principal) as look:
                await menu.load_entry(look, dish_id)
                await menu.check_own_dish(look, dish_id)
            file = (await request.form()).get("image")
            if not isinstance(file, UploadFile):
                raise PictureMissing("Please choose a picture first.")
            folder = request.app.state.config.data_dir
            upload = await media.receive(folder, await file.read(), file.filename)
            async with writing_for(request, principal) as uow:
                await media.shelve(uow, upload)
                await menu.set_image(uow, dish_id, upload.path)
        except Invalid as refusal:
            if wants_json(request):
                raise
            async with books.reading(principal) as look:
                return await show_now(request, look, principal, dish_id, refusal=refusal)
        if wants_json(request):
            return Response(ENCODER.encode({"image": upload.path}), media_type="application/json")
        return back_to(f"{HERE}/dishes/{dish_id}?saved=yes")

    @post("/{dish_id:str}/picture/remove")
    async def remove_picture(self, uow: Work, dish_id: DishId) -> Response[Any]:
        await menu.load_entry(uow, dish_id)
        await menu.set_image(uow, dish_id, None)
        return back_to(f"{HERE}/dishes/{dish_id}?saved=yes")


async def form_now(look: Look, dish_id: str) -> DishForm:
    currency = await menu.usual_currency(look)
    return form_of(await menu.load_entry(look, dish_id), currency, tuple(MARKS))


async def keep(uow: UnitOfWork, dish_id: str, form: DishForm) -> str:
    """Answers the page of the dish. Raises what a draft, a new dish and a changed one raise."""
    currency = await menu.usual_currency(uow)
    if dish_id == NEW:
        slug = await menu.free_slug(uow, form.name)
        new_id = await menu.add_dish(uow, draft_of(form, slug, currency, None))
        return f"{HERE}/dishes/{new_id}?saved=yes"
    now = await menu.load_entry(uow, dish_id)
    seen = seen_in(form)
    wanted = draft_of(form, now.slug, currency, now)
    was = now if seen is None else draft_of(seen, now.slug, currency, now)
    await menu.rewrite_dish(uow, dish_id, seen=was, wanted=wanted)
    return f"{HERE}/dishes/{dish_id}?saved=yes"


async def delete(uow: UnitOfWork, dish_id: str) -> str:
    await menu.delete_dish(uow, dish_id)
    return HERE


async def show_now(
    request: WebRequest,
    look: Look,
    principal: Principal,
    dish_id: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """As it stands in the books."""
    form = await form_now(look, dish_id)
    return await show(request, look, principal, (dish_id, form), refusal=refusal)


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    typed_in: tuple[str, DishForm],
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    dish_id, form = typed_in
    is_new = dish_id == NEW
    now = None if is_new else await form_now(look, dish_id)
    entry = None if is_new else await menu.load_entry(look, dish_id)
    groups = {} if is_new else {group.id: group for group in await menu.list_shared_groups(look)}
    lost = refusal.details["fields"] if isinstance(refusal, menu.DishChanged) else []
    return office_page(
        "dashboard/menu/dish.html",
        request,
        principal,
        refusal=refusal,
        dish_id=dish_id,
        is_new=is_new,
        form=form,
        entry=entry,
        groups=groups,
        more_groups=more_groups(groups, entry),
        seen="" if now is None else seen_again(form, now, lost, FIELDS_OF),
        empty_parts=range(min(EMPTY_PARTS, 12 - len(form.part_name))),
        saved=request.query_params.get("saved") == "yes",
        may_delete=not is_new and principal.has_role(Role.SUPER_ADMIN),
        lost=[translate(FIELD_WORDS[name]) for name in lost],
        **await choices_for(look, principal),
    )


def more_groups(
    groups: Mapping[str, menu.SharedGroup], entry: menu.DishDraft | None
) -> list[tuple[str, str]]:
    """The groups that the dish does not have yet, told apart by the dishes that have them."""
    taken = {group.id for group in entry.options} if entry else set()
    return [
        (one.id, ": ".join([one.draft.name, *list(one.dishes.values())[:1]]))
        for one in groups.values()
        if one.id not in taken
    ]


async def choices_for(look: Look, principal: Principal) -> dict[str, Any]:
    branches = await menu.list_branches(look)
    paths = menu.shown_path(branches)
    houses = await list_own_houses(look, principal)
    every = [("", translate("All houses"))] if principal.house_ids is None else []
    codes = [(row.code, row.name) for row, _ in await menu.list_allergens(look)]
    return {
        "currency": await menu.usual_currency(look),
        "category_choices": [("", "–"), *paths.items()],
        "house_choices": [*every, *((house.id, house.name) for house in houses)],
        "houses": houses,
        "allergen_choices": sorted(codes, key=allergen_order),
        "mark_choices": [(code, translate(name)) for code, name in MARKS.items()],
        "mealtime_choices": [(row.id, row.name) for row, _ in await menu.list_mealtimes(look)],
        "way_choices": [
            ("", translate("Delivery and pickup")),
            ("DELIVERY", translate("Delivery only")),
            ("PICKUP", translate("Pickup only")),
        ],
    }


def allergen_order(choice: tuple[str, str]) -> tuple[bool, str]:
    """The regulation's groups and their members first, what the house added behind."""
    code, name = choice
    return code.startswith("own:"), code if not code.startswith("own:") else name
