"""The button that tests keys, against Stripe's twin over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kitchenasty import settings
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import SYSTEM
from kitchenasty.payments import (
    PAYMENT,
    KeysMissing,
    PaymentMethod,
    ProviderAway,
    ProviderRefused,
    check_keys,
)
from kitchenasty.payments.tests.twins import running_twin

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def stripe_url() -> Iterator[str]:
    with running_twin("stripe_twin") as url:
        yield url


async def try_key(books: Books, key: str, url: str) -> str:
    books.given = {"STRIPE_API_BASE": url}
    async with books.writing() as uow:
        await settings.change(uow, PAYMENT, {"stripeSecretKey": key})
    return await check_keys(books, SYSTEM, PaymentMethod.STRIPE)


async def test_keys_are_tried_at_the_provider(books: Books, stripe_url: str) -> None:
    assert await try_key(books, "sk_test_right0000000", stripe_url) == "test"


async def test_wrong_keys_are_told_without_showing_them(books: Books, stripe_url: str) -> None:
    with pytest.raises(ProviderRefused, match="does not know") as refused:
        await try_key(books, "sk_test_wrong0000000", stripe_url)
    assert "wrong0" not in str(refused.value)


async def test_a_provider_out_of_reach_may_be_asked_again(books: Books) -> None:
    with pytest.raises(ProviderAway):
        await try_key(books, "sk_test_right0000000", "http://127.0.0.1:9")


async def test_without_keys_nobody_is_asked(books: Books) -> None:
    with pytest.raises(KeysMissing):
        await check_keys(books, SYSTEM, PaymentMethod.PAYPAL)
