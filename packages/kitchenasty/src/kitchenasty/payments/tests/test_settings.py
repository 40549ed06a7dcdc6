from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text

from kitchenasty import audit, settings
from kitchenasty.kit.books import Books, open_books
from kitchenasty.payments import PAYMENT

SECRET = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"


async def value(books: Books, name: str = "stripeSecretKey") -> settings.Value:
    async with books.reading() as look:
        return (await settings.load(look, PAYMENT))[name]


async def save(books: Books, *forgotten: str, **given: settings.Value) -> None:
    async with books.writing() as uow:
        await settings.change(uow, PAYMENT, given, forgotten=forgotten)


async def test_a_secret_is_encrypted_at_rest_and_masked_when_shown(books: Books) -> None:
    await save(books, stripeSecretKey=SECRET)
    async with books.reading() as look:
        found = await look.session.execute(text("SELECT name, value FROM settings WHERE is_sealed"))
        rows = found.all()
        shown = {one.field.name: one.value for one in await settings.show(look, PAYMENT)}
    assert len(rows) == 1
    assert SECRET not in str(rows)
    assert shown["stripeSecretKey"] == "••••••••p7dc"
    assert await value(books) == SECRET


@pytest.mark.parametrize("sent", ["••••••••p7dc", "•••p7dc", "", "   ", None, "•"])
async def test_a_masked_or_untouched_field_erases_nothing(books: Books, sent: str | None) -> None:
    await save(books, stripeSecretKey=SECRET)
    await save(books, stripeSecretKey=sent, paypalSandbox=True)
    assert await value(books) == SECRET
    assert await value(books, "paypalSandbox") is True


@pytest.mark.parametrize("sent", ["sk_li", "sk_test_", "p7dc", "pk_test_4eC39HqLyjWDarjtT1zdp7dc"])
async def test_a_half_typed_key_is_refused_and_erases_nothing(books: Books, sent: str) -> None:
    await save(books, stripeSecretKey=SECRET)
    with pytest.raises(settings.SettingRefused) as refused:
        await save(books, stripeSecretKey=sent, paypalSandbox=True)
    assert sent not in str(refused.value)
    assert await value(books) == SECRET
    assert await value(books, "paypalSandbox") is False


async def test_only_what_is_named_is_forgotten(books: Books) -> None:
    await save(books, stripeSecretKey=SECRET, paypalClientId="AbCdEfGhIjKlMnOpQr")
    await save(books, "stripeSecretKey")
    assert await value(books) is None
    assert await value(books, "paypalClientId") == "AbCdEfGhIjKlMnOpQr"


async def test_what_was_saved_wins_over_the_environment(books: Books) -> None:
    books.given = {"STRIPE_SECRET_KEY": "sk_test_fromoutside0000"}
    assert await value(books) == "sk_test_fromoutside0000"
    await save(books, stripeSecretKey=SECRET)
    assert await value(books) == SECRET


async def test_a_change_counts_at_once_in_another_process(books: Books) -> None:
    other = open_books(books.database, books.clock, books.secret)
    await value(other)
    await save(books, stripeSecretKey=SECRET)
    assert await value(other) == SECRET


async def test_the_trail_says_that_a_key_was_changed_and_not_to_what(books: Books) -> None:
    await save(books, stripeSecretKey=SECRET, paypalSandbox=True)
    async with books.reading() as look:
        [entry] = await audit.list_entries(look, entity="Settings", entity_id="payment")
    assert entry.after == {"paypalSandbox": True, "stripeSecretKey": "set"}
    assert SECRET[8:] not in str(entry)


async def test_strangers_see_no_settings(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/settings/payment")).status_code == 401
