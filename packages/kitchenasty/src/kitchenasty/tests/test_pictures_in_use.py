"""A picture is chosen while somebody removes it: what is shown stays, what is gone is not shown."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import String, bindparam, column, func, select, table, text, update

from basis.ids import new_code
from basis.kit.data.columns import IdType
from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement
from kitchenasty import media, menu
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.main import PICTURE_USES
from kitchenasty.menu.tests.builders import add_dish

WAIT_SECONDS = 20
WAITING = Statement(
    select(func.count())
    .select_from(text("pg_stat_activity"))
    .where(text("datname = current_database() AND wait_event_type = 'Lock'"))
)
DISHES = table("dishes", column("id", IdType), column("image", String))
CHOOSE_CARELESSLY = Statement(
    update(DISHES)
    .where(DISHES.c.id == bindparam("dish", required=True, type_=IdType))
    .values(image=bindparam("path", required=True))
)


def photograph() -> bytes:
    drawn = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert("RGB").save(drawn, "PNG")
    return drawn.getvalue()


async def shelved(books: Books, config: Config) -> tuple[media.Asset, bytes]:
    content = photograph()
    upload = await media.receive(config.data_dir, content, "soup.png")
    async with books.writing() as uow:
        return await media.shelve(uow, upload), content


def file_of(config: Config, path: str) -> Path:
    return config.data_dir / "uploads" / path.rpartition("/")[2]


async def dish_in(books: Books) -> str:
    async with books.writing() as uow:
        return await add_dish(uow, slug=f"soup-{new_code(8).lower()}")


async def image_of(books: Books, dish_id: str) -> str | None:
    async with books.reading() as look:
        return (await menu.load_entry(look, dish_id)).image


async def remove(books: Books, config: Config, asset: media.Asset) -> str:
    try:
        async with books.writing() as uow:
            await media.remove_asset(uow, config.data_dir, asset.id, PICTURE_USES)
    except media.PictureInUse:
        return "in use"
    return "removed"


@asynccontextmanager
async def meanwhile(books: Books, work: asyncio.Task[str], engine: str) -> AsyncIterator[None]:
    """Until the other one is done, or stands before a lock that we hold."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not work.done() and engine == "postgresql":
            async with books.reading() as look:
                if await look.value(WAITING):
                    break
    yield


async def test_a_picture_that_is_being_chosen_is_not_removed(
    books: Books, config: Config, engine_name: str
) -> None:
    asset, _ = await shelved(books, config)
    dish_id = await dish_in(books)
    async with books.writing() as uow:
        await menu.set_image(uow, dish_id, asset.path)
        removal = asyncio.create_task(remove(books, config, asset))
        async with meanwhile(books, removal, engine_name):
            assert not removal.done()
    answer = await removal
    print(f"U1: chosen while it is removed on {engine_name}: {answer}")
    assert answer == "in use"
    assert await image_of(books, dish_id) == asset.path
    assert file_of(config, asset.path).exists()


async def test_without_holding_it_a_chosen_picture_is_removed(
    books: Books, config: Config, engine_name: str
) -> None:
    """The control: on SQLite one writes after the other, on PostgreSQL nobody waits."""
    asset, _ = await shelved(books, config)
    dish_id = await dish_in(books)
    async with books.writing() as uow:
        await uow.run(CHOOSE_CARELESSLY, dish=dish_id, path=asset.path)
        removal = asyncio.create_task(remove(books, config, asset))
        async with meanwhile(books, removal, engine_name):
            pass
    answer = await removal
    print(f"U1: control without holding it on {engine_name}: {answer}")
    assert answer == ("removed" if engine_name == "postgresql" else "in use")


@pytest.mark.parametrize("way", ["choose", "send again"])
async def test_a_picture_that_is_being_removed_is_not_shown(
    books: Books, config: Config, engine_name: str, way: str
) -> None:
    asset, content = await shelved(books, config)
    dish_id = await dish_in(books)
    again = await media.receive(config.data_dir, content, "again.png")
    assert again.path == asset.path, "the same picture has the same name"

    async def show() -> str:
        try:
            async with books.writing() as uow:
                if way == "send again":
                    await media.shelve(uow, again)
                await menu.set_image(uow, dish_id, asset.path)
        except media.PictureGone:
            return "gone"
        return "shown"

    async with books.writing() as uow:
        await media.remove_asset(uow, config.data_dir, asset.id, PICTURE_USES)
        showing = asyncio.create_task(show())
        async with meanwhile(books, showing, engine_name):
            pass
    assert await showing == "gone"
    assert await image_of(books, dish_id) is None
    async with books.reading() as look:
        assert (await media.list_assets(look, Page()))[1] == 0
    assert not file_of(config, asset.path).exists()


async def test_a_refused_removal_keeps_the_files(books: Books, config: Config) -> None:
    asset, _ = await shelved(books, config)
    async with books.writing() as uow:
        await add_dish(uow, image=asset.path)
    assert await remove(books, config, asset) == "in use"
    assert file_of(config, asset.path).exists()
