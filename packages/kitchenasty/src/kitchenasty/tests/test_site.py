"""Branding and the front: changed once, shown everywhere at once, in every process."""

from __future__ import annotations

import io
from copy import copy
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar
from PIL import Image

from kitchenasty import audit, content, notices, settings
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import Role
from kitchenasty.locations import House
from kitchenasty.main import equip, open_screens
from kitchenasty.tests.scene import PASSWORD  # the password of everybody there

Client = httpx.AsyncClient


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 30)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "tomato").save(drawn, kind)
    return drawn.getvalue()


async def token_of(client: Client, books: Books, role: Role, houses: Any = None) -> dict[str, str]:
    email = f"{role.lower()}@bistro.example"
    await add_staff(books, email, role=role, houses=houses)
    answer = await client.post("/api/auth/staff/login", json={"email": email, "password": PASSWORD})
    return {"authorization": f"Bearer {answer.json()['data']['token']}"}


@pytest.fixture
async def manager(client: Client, books: Books) -> dict[str, str]:
    return await token_of(client, books, Role.MANAGER)


async def test_before_anything_is_saved_the_site_has_our_words(client: Client) -> None:
    found = (await client.get("/api/settings")).json()["data"]
    assert found["siteName"] == "KitchenAsty"
    assert found["siteTitle"] == "KitchenAsty - Order Online"
    assert (found["darkMode"], found["storefrontTemplate"]) == ("system", "classic")
    assert (found["heroSection"], found["featuresSection"], found["ctaSection"]) == (None,) * 3
    assert found["colorPrimary"] == "#9c4221"


async def test_what_was_saved_is_on_the_next_page(client: Client, manager: dict[str, str]) -> None:
    body = {
        "siteName": "Juniper & Rye",
        "siteTitle": "Supper in Berlin",
        "colorPrimary": "#1F4E79",
        "darkMode": "dark",
        "storefrontTemplate": "modern",
        "heroSection": {
            "title": "Come as you are",
            "subtitle": "We cook <late>.",
            "ctaPrimaryText": "Book",
            "ctaPrimaryLink": "https://book.example/now",
            "backgroundImage": "/uploads/x.webp",
        },
        "featuresSection": [{"icon": "leaf", "title": "Green", "description": "All of it"}],
        "ctaSection": {"title": "Hungry?", "buttonText": "Houses", "buttonLink": "/locations"},
    }
    answer = await client.put("/api/settings", json=body, headers=manager)
    assert answer.status_code == 200, answer.text
    shown = (await client.get("/")).text
    assert "<title>Supper in Berlin</title>" in shown
    assert 'data-theme="modern" data-scheme="dark"' in shown
    for words in (
        "Juniper &amp; Rye",
        "Come as you are",
        "We cook &lt;late&gt;.",
        "Green",
        "Hungry?",
    ):
        assert words in shown, words
    assert 'href="https://book.example/now"' in shown
    assert 'src="/uploads/x.webp"' in shown
    assert 'href="/brand.css?v=1f4e79' in shown
    assert "--hue: 249" in (await client.get("/brand.css")).text
    assert (await client.get("/site.webmanifest")).json()["name"] == "Juniper & Rye"
    assert "Juniper &amp; Rye" in (await client.get("/nowhere")).text


async def test_another_process_shows_it_at_once(
    client: Client, doors: Litestar, config: Config, books: Books, manager: dict[str, str]
) -> None:
    """Another application over the same books stands for another process."""
    other = equip(copy(doors), config, books, open_screens(config, books))
    transport = httpx.ASGITransport(other)  # type: ignore[arg-type]
    async with Client(transport=transport, base_url="http://house.example") as elsewhere:
        for name in ("First", "Second"):
            assert "First" not in (await elsewhere.get("/")).text or name == "Second"
            await client.put("/api/settings", json={"siteName": name}, headers=manager)
            assert f"<span>{name}</span>" in (await elsewhere.get("/")).text


async def test_what_is_left_out_stays_and_null_goes_back(
    client: Client, manager: dict[str, str]
) -> None:
    await client.put(
        "/api/settings",
        json={"siteName": "Here", "colorPrimary": "#123456", "heroSection": {"title": "Hello"}},
        headers=manager,
    )
    after = await client.put("/api/settings", json={"darkMode": "light"}, headers=manager)
    data = after.json()["data"]
    assert (data["siteName"], data["colorPrimary"]) == ("Here", "#123456")
    assert data["heroSection"]["title"] == "Hello"
    back = {"siteName": "", "colorPrimary": None, "heroSection": None}
    data = (await client.put("/api/settings", json=back, headers=manager)).json()["data"]
    assert (data["siteName"], data["colorPrimary"]) == ("KitchenAsty", "#9c4221")
    assert data["heroSection"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"storefrontTemplate": "coastal"},
        {"darkMode": "sepia"},
        {"colorPrimary": "red"},
        {"colorPrimary": "#12345"},
        {"heroSection": {"ctaPrimaryLink": "javascript:alert(1)"}},
        {"ctaSection": {"buttonLink": "//evil.example"}},
        {"heroSection": {"backgroundImage": "https://evil.example/x.webp"}},
        {"featuresSection": [{"title": "x"}] * 7},
        {"siteName": "x" * 81},
    ],
)
async def test_what_cannot_be_shown_is_refused_and_nothing_changes(
    client: Client, manager: dict[str, str], body: dict[str, Any]
) -> None:
    before = (await client.get("/api/settings")).json()
    answer = await client.put("/api/settings", json=body, headers=manager)
    assert answer.status_code == 400, answer.text
    assert (await client.get("/api/settings")).json() == before


async def test_the_trail_says_what_it_was_before(
    client: Client, books: Books, manager: dict[str, str]
) -> None:
    for name in ("Old", "New"):
        await client.put("/api/settings", json={"siteName": name}, headers=manager)
    async with books.reading() as look:
        newest = (await audit.list_entries(look, entity="SiteSettings", entity_id="default"))[0]
    assert (newest.before, newest.after) == ({"name": "Old"}, {"name": "New"})


async def test_who_runs_one_house_of_several_may_not_change_the_site_of_all(
    client: Client, books: Books, house: House
) -> None:
    headers = await token_of(client, books, Role.MANAGER, (house.id,))
    for answer in (
        await client.put("/api/settings", json={"siteName": "Mine"}, headers=headers),
        await client.post("/api/settings/logo", files={"logo": picture()}, headers=headers),
        await client.post("/api/settings/favicon", files={"favicon": picture()}, headers=headers),
    ):
        assert answer.status_code == 403, answer.text
    assert (await client.get("/api/settings")).json()["data"]["siteName"] == "KitchenAsty"


async def test_a_logo_and_a_sign_are_made_of_pictures(
    client: Client, manager: dict[str, str]
) -> None:
    logo = await client.post("/api/settings/logo", files={"logo": picture()}, headers=manager)
    assert logo.status_code == 200, logo.text
    path = logo.json()["data"]["logo"]
    assert (await client.get(path)).headers["content-type"] == "image/webp"
    sent = {"favicon": ("../../x.ico", picture("JPEG"), "image/x-icon")}
    icon = await client.post("/api/settings/favicon", files=sent, headers=manager)
    path = icon.json()["data"]["favicon"]
    shown = (await client.get("/")).text
    for size in (32, 180, 192, 512):
        there = path.replace("512", str(size))
        answer = await client.get(there)
        assert answer.headers["content-type"] == "image/png"
        assert Image.open(io.BytesIO(answer.content)).size == (size, size)
        assert size in (192, 512) or f'href="{there}"' in shown
    manifest = (await client.get("/site.webmanifest")).json()
    assert [one["sizes"] for one in manifest["icons"]] == ["192x192", "512x512"]
    assert logo.json()["data"]["logo"] in shown


async def test_the_office_form_saves_all_and_keeps_what_was_typed_when_refused(
    client: Client, books: Books
) -> None:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER)
    await sign_in(client, "m@bistro.example")
    typed = {
        "name": "Rye",
        "theme": "cozy",
        "scheme": "light",
        "own": "on",
        "primary": "#205f9e",
        "secondary": "#7a5c1e",
    }
    refused = await client.post(
        "/admin/site/branding", data={**typed, "theme": "none"}, headers=OWN
    )
    assert refused.status_code == 400
    assert 'value="Rye"' in refused.text
    files = {"logo": ("logo.png", picture(), "image/png")}
    saved = await client.post("/admin/site/branding", data=typed, files=files, headers=OWN)
    assert saved.status_code == 303, saved.text
    site = (await client.get("/api/settings")).json()["data"]
    assert (site["siteName"], site["storefrontTemplate"], site["colorPrimary"]) == (
        "Rye",
        "cozy",
        "#205f9e",
    )
    assert site["logo"].startswith("/uploads/")
    gone = await client.post(
        "/admin/site/branding", data={**typed, "own": "", "noLogo": "on"}, headers=OWN
    )
    assert gone.status_code == 303
    site = (await client.get("/api/settings")).json()["data"]
    assert (site["logo"], site["colorPrimary"]) == (None, content.THEMES["cozy"][1])


async def test_the_front_is_written_in_the_office(client: Client, books: Books) -> None:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER)
    await sign_in(client, "m@bistro.example")
    typed = {"heroTitle": "Warm plates", "icon1": "leaf", "title1": "Green", "icon2": "nonsense",
             "title2": "Late", "callTitle": "Come in", "callButton": "Go",
             "callLink": "javascript:1"}  # fmt: skip
    refused = await client.post("/admin/site/front", data=typed, headers=OWN)
    assert refused.status_code == 400
    assert 'value="Warm plates"' in refused.text
    files = {"picture": ("back.jpg", picture("JPEG", (3_000, 1_000)), "image/jpeg")}
    saved = await client.post(
        "/admin/site/front", data={**typed, "callLink": "/locations"}, files=files, headers=OWN
    )
    assert saved.status_code == 303, saved.text
    shown = (await client.get("/")).text
    for words in ("Warm plates", "Green", "Late", "Come in", "#star", "#leaf", "1280w"):
        assert words in shown, words
    assert (await client.get("/admin/site/front")).status_code == 200


async def test_a_guests_own_choice_of_light_wins(client: Client, manager: dict[str, str]) -> None:
    await client.put("/api/settings", json={"darkMode": "dark"}, headers=manager)
    assert 'data-scheme="dark"' in (await client.get("/")).text
    for chosen in ("light", "auto"):
        shown = await client.get("/", headers={"cookie": f"scheme={chosen}"})
        assert f'data-scheme="{chosen}"' in shown.text


async def test_letters_carry_the_name_and_the_colour(books: Books) -> None:
    async with books.writing() as uow:
        await content.change_site(uow, {"name_given": "Rye", "primary_given": "#205f9e"})
        await notices.send_notice(
            uow, "note", recipient="a@b.example", facts={}, useful_for=timedelta(days=1)
        )
    post = notices.MemoryPost()
    sender = notices.Sender("hello@rye.example", "rye.example", "https://rye.example")
    writers = {"note": write_note}
    await notices.Postman(
        books, post, sender=sender, writers=writers, head_of=content.letter_head
    ).run_due()
    letter = post.letters[0].get_body(("html",))
    assert letter is not None
    shown = letter.get_content()
    assert ">Rye</p>" in shown
    assert content.Site(primary_given="#205f9e").accent in shown
    assert "Questions?" not in shown


async def test_letters_say_where_questions_are_answered(books: Books) -> None:
    contact: dict[str, settings.Value] = {
        "contactEmail": "ask@rye.example",
        "contactPhone": "+49 30 1",
    }
    async with books.writing() as uow:
        await settings.change(uow, settings.GENERAL, contact)
        await notices.send_notice(
            uow, "note", recipient="a@b.example", facts={}, useful_for=timedelta(days=1)
        )
    post = notices.MemoryPost()
    sender = notices.Sender("hello@rye.example", "rye.example", "https://rye.example")
    writers = {"note": write_note}
    await notices.Postman(
        books, post, sender=sender, writers=writers, head_of=content.letter_head
    ).run_due()
    for kind in ("plain", "html"):
        body = post.letters[0].get_body((kind,))
        assert body is not None
        for said in ("Questions?", *contact.values()):
            assert str(said) in body.get_content()


async def write_note(*_: Any) -> notices.Letter:
    action = notices.Action("Look", "https://rye.example")
    return notices.Letter(subject="Note", paragraphs=("Hello",), action=action)
