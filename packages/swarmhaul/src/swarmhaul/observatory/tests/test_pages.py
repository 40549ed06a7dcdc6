"""The pages as a browser without script gets them."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from basis.escrow import Accept, Arrive, Dispute
from basis.kit.pages.policy import CSP
from basis.kit.testing import HandClock
from swarmhaul.kit.books import Books
from swarmhaul.market import JobView, Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    MARKET_KEY,
    SHIPPER,
    bid,
    bid_terms,
    carry,
    first_half,
    fund,
    give,
    list_job,
    load,
    rail_key,
    second_half,
    work,
)
from swarmhaul.observatory.showing import STYLESHEET
from swarmhaul.observatory.wording import show_headline

PAGE = {"accept": "text/html,application/xhtml+xml"}
DOORS = ("/", "/jobs", "/agents", "/model", "/economy")


async def relay(books: Books, venue: Venue, clock: HandClock, **fields: str) -> JobView:
    """Carried by Ada and Ben, and paid."""
    job = await list_job(books, venue, **fields)
    await bid(books, venue, ADA, first_half(job, 100_000, reasoning="On my way <b>anyway</b>"))
    await bid(books, venue, BEN, second_half(job, 200_000))
    clock.advance(seconds=10)
    await work(books, venue)
    await carry(books, venue, await load(books, job.id), ADA, BEN)
    return await load(books, job.id)


async def text_of(client: httpx.AsyncClient, path: str, *, status: int = 200) -> str:
    """The words of a page."""
    answer = await client.get(path, headers=PAGE)
    assert answer.status_code == status, answer.text
    words = re.sub(r"<(script|svg)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", words)))


@pytest.mark.parametrize("path", DOORS)
async def test_an_empty_market_has_its_pages(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(
        r"<style|\sstyle=|\son\w+=|<script(?![^>]*(src|application/json))", answer.text
    )


async def test_an_empty_map_says_how_to_begin(client: httpx.AsyncClient) -> None:
    words = await text_of(client, "/")
    assert "Nothing runs" in words
    assert "POST /api/jobs" in words
    assert "swarmhaul agent" in words


async def test_a_job_tells_its_story_and_its_money(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    job = await relay(books, venue, clock)
    words = await text_of(client, f"/jobs/{job.id}")
    steps = [
        "The job was listed", "The budget was locked", "A bid was placed", "A bid was placed",
        "The legs were awarded", "Leg 1 was accepted", "Leg 2 was accepted",
        "Leg 1 says it has arrived", "Leg 1 was confirmed and paid", "Leg 2 says it has arrived",
        "Leg 2 was confirmed and paid",
    ]  # fmt: skip
    assert re.search(".*".join(map(re.escape, steps)), words)
    assert "Paid to couriers 300,000" in words
    assert "Held in escrow 700,000" in words
    assert "Budget locked 1,000,000" in words
    assert "On my way <b>anyway</b>" in words
    assert job.signature in words


async def test_what_people_wrote_is_no_markup(
    books: Books, venue: Venue, client: httpx.AsyncClient
) -> None:
    evil = '</script><img src=x onerror="alert(1)">'
    job = await list_job(books, venue, description=evil)
    for path in ("/", "/jobs", f"/jobs/{job.id}"):
        answer = await client.get(path, headers=PAGE)
        assert answer.status_code == 200, answer.text
        assert "<img" not in answer.text
        assert answer.text.count("</script>") == answer.text.count("<script")


async def test_whoever_receives_is_asked_for_their_word(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job))
    clock.advance(seconds=60)
    await work(books, venue)
    key = rail_key(job)
    await give(books, venue, ADA, Accept(job=key, leg=0))
    assert "has arrived" not in await text_of(client, f"/jobs/{job.id}")
    await give(books, venue, ADA, Arrive(job=key, leg=0))
    words = await text_of(client, f"/jobs/{job.id}")
    assert "Leg 1 has arrived" in words
    assert SHIPPER.public in words
    await give(books, venue, SHIPPER, Dispute(job=key, leg=0, reason=bytes(32)))
    words = await text_of(client, f"/jobs/{job.id}")
    assert "The arrival of leg 1 was disputed" in words
    assert "Leg 1 has arrived" not in words


async def test_a_job_is_called_by_what_is_carried_and_not_by_where_programs_ask(
    books: Books, venue: Venue, client: httpx.AsyncClient
) -> None:
    where = "Address for the last courier: https://house.example/api/handoffs/12"
    job = await list_job(books, venue, description=f"Food of St. John's. {where}")
    for path in ("/", "/jobs"):
        words = await text_of(client, path)
        assert "Food of St. John" in words
        assert "api/handoffs" not in words
    page = (await client.get(f"/jobs/{job.id}", headers=PAGE)).text
    assert "<h1>Food of St. John&#39;s</h1>" in page
    assert where in page, "it is said in full below"


@pytest.mark.parametrize("words", ["Soup.", "https://house.example", "Two boxes. Of soup!"])
def test_words_without_another_sentence_are_shown_as_they_are(words: str) -> None:
    assert show_headline(words) == words


async def test_bids_that_were_not_chosen_are_folded_away(
    books: Books, venue: Venue, client: httpx.AsyncClient, clock: HandClock
) -> None:
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job, 100_000))
    await bid(books, venue, BEN, bid_terms(job, 300_000))
    assert "not chosen" not in await text_of(client, f"/jobs/{job.id}")
    clock.advance(seconds=60)
    await work(books, venue)
    words = await text_of(client, f"/jobs/{job.id}")
    assert "1 bid that was not chosen" in words
    assert "100,000 lamports" in words


async def test_jobs_are_listed_by_status_in_pages(
    books: Books, venue: Venue, client: httpx.AsyncClient
) -> None:
    names = [f"Load number {number}." for number in range(22)]
    fund(venue.rail, SHIPPER, 22 * BUDGET, books.clock())
    for name in names:
        await list_job(books, venue, description=name)
    first = await client.get("/jobs?status=open", headers=PAGE)
    assert names[-1] in first.text
    assert names[0] not in first.text
    older = re.search(r'href="(/jobs\?before=[^"]+)"', first.text)
    assert older is not None
    second = await client.get(unescape(older[1]), headers=PAGE)
    assert [name for name in names if f">{name}<" in second.text] == names[:2]
    assert "No such jobs" in await text_of(client, "/jobs?status=delivered")


async def test_a_name_is_always_somebodys_view(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    await relay(books, venue, clock)
    assert "the market itself" in await text_of(client, "/agents")
    assert "0.317" in await text_of(client, f"/agents/{ADA.public}")
    others = await text_of(client, f"/agents/{ADA.public}?observer={BEN.public}")
    assert "a stranger is taken as 0.300" in others
    assert "Completed" in await text_of(
        client, f"/agents/{BEN.public}?observer={MARKET_KEY.public}"
    )


async def test_what_cannot_be_shown_is_a_page_with_a_way_on(client: httpx.AsyncClient) -> None:
    for path, status in (
        ("/jobs/nothing", 404),
        ("/agents/nothing", 400),
        ("/jobs?status=elsewhere", 400),
        ("/no/such/page", 404),
        ("/model?strength=2001", 400),
    ):
        words = await text_of(client, path, status=status)
        assert "To the map" in words, path
    program = await client.get("/jobs/nothing")
    assert program.json()["success"] is False


async def test_figures_are_those_of_the_books(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    await relay(books, venue, clock)
    await list_job(books, venue)
    words = await text_of(client, "/economy")
    assert "Jobs 2" in words
    assert "Paid to couriers 300,000" in words
    assert "In escrow now 1,700,000" in words
    assert "From listing to award 10 s" in words
    assert f"{clock():%-d %b} 300,000" in words


async def test_files_are_asked_for_again_and_pages_never_kept(client: httpx.AsyncClient) -> None:
    script = await client.get("/static/observatory/observatory.js")
    assert (script.status_code, script.headers["cache-control"]) == (200, "no-cache")
    assert (await client.get("/static/js/trust.js")).status_code == 200
    page = (await client.get("/", headers=PAGE)).text
    style = re.search(r'href="(/style.css\?v=\w+)"', page)
    assert style is not None
    assert "immutable" in (await client.get(style[1])).headers["cache-control"]


def test_the_stylesheet_is_small_and_made_of_roles() -> None:
    assert len(STYLESHEET.compressed) <= 20_000
    for name in ("themes", "pages"):
        text = STYLESHEET.files[name].read_text()
        assert f"@layer {name} {{" in text
        assert text.count("{") == text.count("}")
        assert not re.search(r"oklch\((?!from)|#[0-9a-f]{3,8}\b|rgb\(|hsl\(", text), name
