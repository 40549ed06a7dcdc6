"""The API's reading doors to categories, items, allergens and mealtimes."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated

from litestar import get
from litestar.params import FromQuery, PathParameter, QueryParameter

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, listed, ok
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading
from kitchenasty.kit.principals import Scope
from kitchenasty.menu import catalog
from kitchenasty.menu.catalog_schemas import (
    AllergenView,
    CategoryView,
    ItemCount,
    ItemView,
    MealtimeView,
    Named,
    PartCounts,
)
from kitchenasty.menu.models import DishRow
from kitchenasty.menu.queries import usual_currency

RowId = Annotated[str, PathParameter(max_length=64)]
HouseId = Annotated[str | None, QueryParameter(name="locationId", max_length=64)]
CategoryId = Annotated[str | None, QueryParameter(name="categoryId", max_length=64)]
Search = Annotated[str | None, QueryParameter(max_length=100)]
DISHES_OF_CATEGORY_MAX = 500


class CatalogApi(ApiController):
    path = "/api/menu"
    tags = ["Menu"]

    @get(
        "/categories", opt=access(Access.PUBLIC, key=Scope.MENU_READ), operation_id="ListCategories"
    )
    async def list_categories(
        self, look: Reading, house_id: HouseId = None
    ) -> Envelope[list[CategoryView]]:
        """All categories with their subcategories; for staff also those that are switched off."""
        rows = await catalog.list_categories(look, house_id)
        counts = await catalog.count_dishes(look)
        children = defaultdict(list)
        for row in rows:
            if row.parent_id is not None:
                children[row.parent_id].append(CategoryView.of(row))
        return ok(
            [
                CategoryView.of(
                    row, children=children[row.id], counts=ItemCount(menu_items=counts[row.id])
                )
                for row in rows
            ]
        )

    @get(
        "/categories/{category_id:str}",
        opt=access(Access.PUBLIC, key=Scope.MENU_READ),
        operation_id="ShowCategory",
    )
    async def show_category(self, look: Reading, category_id: RowId) -> Envelope[CategoryView]:
        """One category with its subcategories and items."""
        return ok(await category_view(look, category_id))

    @get("/items", opt=access(Access.PUBLIC, key=Scope.MENU_READ), operation_id="ListItems")
    async def list_items(
        self,
        look: Reading,
        page: FromQuery[int] = 1,
        limit: FromQuery[int] = 20,
        category_id: CategoryId = None,
        search: Search = None,
    ) -> Envelope[list[ItemView]]:
        """Dishes, the sold out ones included, for staff also those that are switched off; `search`
        looks in the name.
        """
        shown = Page.of(page, limit)
        rows, total = await catalog.list_dishes(look, shown, category_id=category_id, search=search)
        views = await item_views(look, rows)
        return listed(views, page=shown.number, limit=shown.limit, total=total)

    @get(
        "/items/{item_id:str}",
        opt=access(Access.PUBLIC, key=Scope.MENU_READ),
        operation_id="ShowItem",
    )
    async def show_item(self, look: Reading, item_id: RowId) -> Envelope[ItemView]:
        """One dish with its options, allergens and mealtimes."""
        dish = await catalog.load_dish(look, item_id)
        return ok(ItemView.whole(dish, await usual_currency(look)))

    @get("/allergens", opt=access(Access.PUBLIC), operation_id="ListAllergens")
    async def list_allergens(self, look: Reading) -> Envelope[list[AllergenView]]:
        """The fourteen groups of the regulation, their members, and what the house added."""
        return ok(
            [
                AllergenView.of(row, counts=ItemCount(menu_items=count))
                for row, count in await catalog.list_allergens(look)
            ]
        )

    @get("/mealtimes", opt=access(Access.PUBLIC), operation_id="ListMealtimes")
    async def list_mealtimes(
        self, look: Reading, house_id: HouseId = None
    ) -> Envelope[list[MealtimeView]]:
        """Mealtimes by their start."""
        return ok(
            [
                MealtimeView.of(row, counts=ItemCount(menu_items=count))
                for row, count in await catalog.list_mealtimes(look, house_id)
            ]
        )


async def category_view(look: Look, category_id: str) -> CategoryView:
    row = await catalog.load_category(look, category_id)
    rows = await catalog.list_categories(look)
    parent = next((one for one in rows if one.id == row.parent_id), None)
    everything = Page(limit=DISHES_OF_CATEGORY_MAX)
    dishes, total = await catalog.list_dishes(look, everything, category_id=row.id)
    return CategoryView.of(
        row,
        children=[CategoryView.of(one) for one in rows if one.parent_id == row.id],
        parent=None if parent is None else Named(id=parent.id, name=parent.name),
        menu_items=await item_views(look, dishes),
        counts=ItemCount(menu_items=total),
    )


async def item_views(look: Look, rows: list[DishRow]) -> list[ItemView]:
    currency = await usual_currency(look)
    parts = await catalog.count_parts(look, [row.id for row in rows])
    names = {row.id: row.name for row in await catalog.list_categories(look)}
    return [
        ItemView.of(
            row,
            currency,
            category=Named(id=row.category_id, name=names[row.category_id]),
            counts=PartCounts.of(parts[row.id]),
        )
        for row in rows
    ]
