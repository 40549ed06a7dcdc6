"""An owner puts letters into words of their own: sees them, tries them, and goes back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kitchenasty import wordings
from kitchenasty.correspondence import PATTERNS
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.frames import FRAMED, FRAMING
from kitchenasty.kit.principals import Role
from kitchenasty.notices.tests.builders import MailServer, open_mail_server

LIST = "/admin/letters/wordings"
KNOWN = PATTERNS["account.known"]
PATH = f"{LIST}/{KNOWN.key}"
BOSS = "boss@bistro.example"
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
async def manager(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, BOSS, role=Role.MANAGER)
    await sign_in(client, BOSS)
    return client


def given_of(server: MailServer) -> dict[str, str]:
    return {
        "SMTP_HOST": "localhost",
        "SMTP_PORT": str(server.port),
        "SMTP_TLS": "none",
        "SMTP_FROM": "Bistro <house@bistro.example>",
        "PUBLIC_URL": "https://bistro.example",
    }


def typed(**changed: str) -> dict[str, Any]:
    form = {"language": "en_GB", "seen": "0", "subject": "Hello again"}
    return form | {"body": "We know you.\n\n{{ letter.button }}"} | changed


async def test_the_list_names_every_kind_and_whose_words_they_have(
    manager: httpx.AsyncClient,
) -> None:
    page = await manager.get(LIST)
    for key in PATTERNS:
        assert f'href="{LIST}/{key}"' in page.text
    assert "Your words" not in page.text
    await manager.post(PATH, data=typed(language="de"), headers=OWN)
    assert "Your words: Deutsch" in (await manager.get(LIST)).text


async def test_every_kind_begins_with_its_usual_words_and_shows_its_letter(
    manager: httpx.AsyncClient,
) -> None:
    for key in PATTERNS:
        for language in ("en_GB", "de"):
            page = await manager.get(f"{LIST}/{key}?language={language}")
            assert page.status_code == 200
            assert "The usual words" in page.text
            letter = await manager.get(f"{LIST}/{key}/letter.html?language={language}")
            assert letter.status_code == 200


async def test_what_is_typed_is_kept_shown_and_gone_back_from(manager: httpx.AsyncClient) -> None:
    answer = await manager.post(PATH, data=typed(), headers=OWN)
    assert answer.status_code == 303
    page = await manager.get(answer.headers["location"])
    assert "Kept. From now on such letters read like this." in page.text
    assert 'value="Hello again"' in page.text
    assert "We know you." in (await manager.get(f"{PATH}/letter.html?language=en_GB")).text
    back = await manager.post(
        f"{PATH}/standard", data={"language": "en_GB", "seen": "1"}, headers=OWN
    )
    page = await manager.get(back.headers["location"])
    assert 'value="You have an account already"' in page.text
    assert "Hello again" in page.text, "the history has it"
    again = await manager.post(
        f"{PATH}/restore", data={"language": "en_GB", "seen": "2", "number": "1"}, headers=OWN
    )
    assert 'value="Hello again"' in (await manager.get(again.headers["location"])).text


async def test_a_mistake_is_said_and_what_was_typed_stays(
    manager: httpx.AsyncClient, books: Books
) -> None:
    answer = await manager.post(PATH, data=typed(body="Dear {{ guest.nmae }}"), headers=OWN)
    assert answer.status_code == 400
    assert "Nothing is known here under guest.nmae." in answer.text
    assert "Dear {{ guest.nmae }}" in answer.text
    async with books.reading() as look:
        assert await wordings.list_history(look, KNOWN.key, "en_GB") == []


async def test_whoever_typed_into_an_older_version_is_told(manager: httpx.AsyncClient) -> None:
    await manager.post(PATH, data=typed(), headers=OWN)
    answer = await manager.post(PATH, data=typed(subject="Mine"), headers=OWN)
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text


async def test_says_while_it_is_typed_how_it_reads(manager: httpx.AsyncClient) -> None:
    good = await manager.post(f"{PATH}/check", data=typed(), headers=OWN)
    assert "Hello again" in good.text
    bad = await manager.post(f"{PATH}/check", data=typed(subject="{{ x.y }}"), headers=OWN)
    assert "Nothing is known here under x.y." in bad.text
    text = await manager.post(
        f"{LIST}/orders.ready/check",
        data={"language": "en_GB", "body": "No. {{ order.number }} waits."},
        headers=OWN,
    )
    assert "No. K7-42 waits." in text.text
    assert "1 segment" in text.text


async def test_a_preview_can_be_framed_by_us_and_can_do_nothing(
    manager: httpx.AsyncClient,
) -> None:
    letter = await manager.post(f"{PATH}/letter.html", data=typed(body="<b>Hi</b>"), headers=OWN)
    assert letter.headers["content-security-policy"] == FRAMED
    assert "&lt;b&gt;Hi&lt;/b&gt;" in letter.text
    plain = await manager.post(f"{PATH}/letter.html", data=typed(plain="1"), headers=OWN)
    assert plain.headers["content-type"].startswith("text/plain")
    assert plain.text.startswith("Hello again\n\nWe know you.\n")
    broken = await manager.post(f"{PATH}/letter.html", data=typed(body="{{"), headers=OWN)
    assert "There is something to mend first" in broken.text
    around = await manager.get(PATH)
    assert around.headers["content-security-policy"] == FRAMING


@pytest.mark.enable_socket
async def test_a_test_goes_to_whoever_asks_and_keeps_nothing(
    manager: httpx.AsyncClient, books: Books
) -> None:
    async with open_mail_server() as server:
        books.given = given_of(server)
        page = await manager.post(f"{PATH}/test", data=typed(), headers=OWN)
        assert f"It was sent to {BOSS}." in page.text
        [mail] = server.letters
    assert mail["to"] == BOSS
    assert mail["subject"] == "Hello again"
    async with books.reading() as look:
        assert await wordings.list_history(look, KNOWN.key, "en_GB") == []


async def test_without_a_mail_server_a_test_is_refused_in_words(
    manager: httpx.AsyncClient,
) -> None:
    page = await manager.post(f"{PATH}/test", data=typed(), headers=OWN)
    assert page.status_code == 409
    assert "Save a mail server" in page.text
    assert 'value="Hello again"' in page.text


async def test_a_kind_that_there_is_not_is_not_found(manager: httpx.AsyncClient) -> None:
    assert (await manager.get(f"{LIST}/account.nothing")).status_code == 404
