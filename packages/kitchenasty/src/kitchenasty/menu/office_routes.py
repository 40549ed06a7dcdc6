"""The API's doors through which the office changes the menu."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, patch, post
from litestar.datastructures import UploadFile
from litestar.params import JSONBody, PathParameter
from msgspec import UNSET

from basis.errors import Invalid
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty import media
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, WebRequest, Work, writing_for
from kitchenasty.kit.principals import Principal, Scope
from kitchenasty.menu import catalog, change, service, stock
from kitchenasty.menu.catalog_routes import CatalogApi, category_view
from kitchenasty.menu.catalog_schemas import AllergenView, CategoryView, ItemView, MealtimeView
from kitchenasty.menu.forms import (
    AllergenForm,
    AvailabilityForm,
    CategoryPatch,
    ItemPatch,
    MealtimePatch,
    NewCategory,
    NewItem,
    NewMealtime,
)
from kitchenasty.menu.models import MealtimeRow
from kitchenasty.menu.queries import usual_currency

RowId = Annotated[str, PathParameter(max_length=64)]
UPLOAD_BYTES_MAX = 9_000_000


class PictureMissing(Invalid):
    """The form has no file in its field `image`."""


class OfficeMenuApi(CatalogApi):
    """Reading and changing are one controller, since they share their paths."""

    @post(
        "/categories", opt=access(Access.MANAGER, key=Scope.MENU_WRITE), operation_id="AddCategory"
    )
    async def add_category(self, uow: Work, data: JSONBody[NewCategory]) -> Envelope[CategoryView]:
        """Add a category."""
        return ok(await category_view(uow, await service.add_category(uow, data.to_draft())))

    @patch(
        "/categories/{category_id:str}",
        opt=access(Access.MANAGER, key=Scope.MENU_WRITE),
        operation_id="ChangeCategory",
    )
    async def change_category(
        self, uow: Work, category_id: RowId, data: JSONBody[CategoryPatch]
    ) -> Envelope[CategoryView]:
        """Change what is given."""
        await change.change_category(uow, category_id, data.to_changes())
        return ok(await category_view(uow, category_id))

    @delete(
        "/categories/{category_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="DeleteCategory",
    )
    async def delete_category(self, uow: Work, category_id: RowId) -> Envelope[None]:
        """Delete an empty category."""
        await change.delete_category(uow, category_id)
        return done("Category deleted")

    @post("/items", opt=access(Access.MANAGER, key=Scope.MENU_WRITE), operation_id="AddItem")
    async def add_item(self, uow: Work, data: JSONBody[NewItem]) -> Envelope[ItemView]:
        """Put a dish on the menu."""
        currency = await usual_currency(uow)
        draft = data.to_draft(currency, await codes_of(uow))
        return ok(await item_view(uow, await service.add_dish(uow, draft)))

    @patch(
        "/items/{item_id:str}",
        opt=access(Access.MANAGER, key=Scope.MENU_WRITE),
        operation_id="ChangeItem",
    )
    async def change_item(
        self, uow: Work, item_id: RowId, data: JSONBody[ItemPatch]
    ) -> Envelope[ItemView]:
        """Change what is given. Options keep their ids, and those left out are retired: orders
        refer to them.
        """
        currency = await usual_currency(uow)
        await change.change_dish(
            uow,
            item_id,
            data.to_changes(currency),
            options=data.to_options(currency),
            allergens=data.to_allergens(await codes_of(uow)),
            mealtime_ids=None if data.mealtime_ids is UNSET else data.mealtime_ids,
        )
        return ok(await item_view(uow, item_id))

    @patch(
        "/items/{item_id:str}/availability",
        opt=access(Access.STAFF, key=Scope.MENU_WRITE),
        operation_id="SetAvailability",
    )
    async def set_availability(
        self, uow: Work, item_id: RowId, data: JSONBody[AvailabilityForm]
    ) -> Envelope[ItemView]:
        """Take a dish off for now, or bring it back."""
        await stock.set_86(uow, item_id, is_86=data.is86)
        return ok(await item_view(uow, item_id))

    @delete(
        "/items/{item_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="DeleteItem",
    )
    async def delete_item(self, uow: Work, item_id: RowId) -> Envelope[None]:
        """Delete a dish that was never ordered."""
        await change.delete_dish(uow, item_id)
        return done("Menu item deleted")

    @post(
        "/items/{item_id:str}/image",
        opt=access(Access.MANAGER, key=Scope.MENU_WRITE),
        status_code=200,
        request_max_body_size=UPLOAD_BYTES_MAX,
        operation_id="UploadItemImage",
    )
    async def upload_image(
        self, request: WebRequest, principal: Actor, item_id: RowId
    ) -> Envelope[ItemView]:
        """A new picture in the multipart field `image`, JPEG, PNG or WebP; it is in the library
        too.
        """
        async with request.app.state.books.reading(principal) as look:
            await change.check_own_dish(look, item_id)
        file = (await request.form()).get("image")
        if not isinstance(file, UploadFile):
            raise PictureMissing("Please send a picture in the field `image`.")
        folder = request.app.state.config.data_dir
        upload = await media.receive(folder, await file.read(), file.filename)
        return ok(await show_upload(request, principal, item_id, upload))

    @delete(
        "/items/{item_id:str}/image",
        opt=access(Access.MANAGER, key=Scope.MENU_WRITE),
        status_code=200,
        operation_id="DeleteItemImage",
    )
    async def delete_image(self, uow: Work, item_id: RowId) -> Envelope[ItemView]:
        """Show the dish without a picture."""
        await change.set_image(uow, item_id, None)
        return ok(await item_view(uow, item_id))

    @post(
        "/allergens",
        opt=access(Access.MANAGER, every_house=True, key=Scope.MENU_WRITE),
        operation_id="AddAllergen",
    )
    async def add_allergen(self, uow: Work, data: JSONBody[AllergenForm]) -> Envelope[AllergenView]:
        """Add one beside the regulation's."""
        return ok(AllergenView.of(await change.add_allergen(uow, data.name)))

    @delete(
        "/allergens/{allergen_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="DeleteAllergen",
    )
    async def delete_allergen(self, uow: Work, allergen_id: RowId) -> Envelope[None]:
        """Delete an allergen and every declaration of it."""
        await change.delete_allergen(uow, allergen_id)
        return done("Allergen deleted")

    @post(
        "/mealtimes", opt=access(Access.MANAGER, key=Scope.MENU_WRITE), operation_id="AddMealtime"
    )
    async def add_mealtime(self, uow: Work, data: JSONBody[NewMealtime]) -> Envelope[MealtimeView]:
        """Add a mealtime."""
        mealtime_id = await service.add_mealtime(uow, data.to_draft())
        return ok(await mealtime_view(uow, mealtime_id))

    @patch(
        "/mealtimes/{mealtime_id:str}",
        opt=access(Access.MANAGER, key=Scope.MENU_WRITE),
        operation_id="ChangeMealtime",
    )
    async def change_mealtime(
        self, uow: Work, mealtime_id: RowId, data: JSONBody[MealtimePatch]
    ) -> Envelope[MealtimeView]:
        """Change what is given."""
        await change.change_mealtime(uow, mealtime_id, data.to_changes())
        return ok(await mealtime_view(uow, mealtime_id))

    @delete(
        "/mealtimes/{mealtime_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="DeleteMealtime",
    )
    async def delete_mealtime(self, uow: Work, mealtime_id: RowId) -> Envelope[None]:
        """Delete a mealtime; its dishes are served at their other ones, or always."""
        await change.delete_mealtime(uow, mealtime_id)
        return done("Mealtime deleted")


async def show_upload(
    request: WebRequest, principal: Principal, item_id: str, upload: media.Upload
) -> ItemView:
    """In a transaction that begins after the picture was made: that can take a second."""
    async with writing_for(request, principal) as uow:
        await media.shelve(uow, upload)
        await change.set_image(uow, item_id, upload.path)
        return await item_view(uow, item_id)


async def item_view(look: Look, item_id: str) -> ItemView:
    return ItemView.whole(await catalog.load_dish(look, item_id), await usual_currency(look))


async def mealtime_view(look: Look, mealtime_id: str) -> MealtimeView:
    row = await look.session.get(MealtimeRow, mealtime_id)
    if row is None:
        raise catalog.MealtimeNotFound("Mealtime not found")
    return MealtimeView.of(row)


async def codes_of(look: Look) -> dict[str, str]:
    """The code of each allergen by its id."""
    return {row.id: row.code for row, _ in await catalog.list_allergens(look)}
