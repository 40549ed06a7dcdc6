"""Somebody of the staff: two steps of a sign-in, another password, a letter that helps to one."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import staff
from kitchenasty.correspondence import LETTERS
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.identity import totp
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.notices import MemoryPost, Postman, Sender

PASSWORD = "seven green kettles"
OTHER = "eleven quiet ladles"
EMAIL = "ada@bistro.example"
OWN = {"origin": "http://house.example"}
SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
LINK = re.compile(r"https://juniper\.example(/renew/\S+)")
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
LOGIN = "/api/auth/staff/login"


class Phone:
    def __init__(self, secret: bytes, clock: HandClock, paper: list[str]) -> None:
        self._secret, self._clock, self.paper = secret, clock, paper

    def code(self) -> str:
        return totp.code_at(self._secret, totp.step_of(self._clock()))

    def wrong_code(self) -> str:
        return f"{(int(self.code()) + 500_000) % 1_000_000:06d}"


@pytest.fixture
async def member(books: Books) -> staff.Member:
    password_hash = await Passwords(memory_kib=64).hash(PASSWORD)
    async with books.writing() as uow:
        newcomer = staff.NewMember(email=EMAIL, name="Ada")
        return await staff.add_member(uow, newcomer, password_hash=password_hash)


@pytest.fixture
async def phone(books: Books, clock: HandClock, member: staff.Member) -> Phone:
    """Set up a minute ago."""
    async with books.writing() as uow:
        factor = await staff.begin_second_factor(uow, member.id)
        code = totp.code_at(factor.secret, totp.step_of(clock()))
        paper = await staff.confirm_second_factor(uow, member.id, code)
    clock.advance(minutes=1)
    return Phone(factor.secret, clock, paper)


async def first_step(client: httpx.AsyncClient, **more: str) -> httpx.Response:
    form = {"email": EMAIL, "password": PASSWORD} | more
    return await client.post("/sign-in", data=form, headers=OWN)


async def second_step(client: httpx.AsyncClient, page: httpx.Response, code: str) -> httpx.Response:
    found = TICKET.search(page.text)
    assert found is not None, page.text
    form = {"ticket": found[1], "code": code, "next": "/admin/orders"}
    return await client.post("/sign-in/code", data=form, headers=OWN)


async def log_in(client: httpx.AsyncClient, **more: str) -> httpx.Response:
    return await client.post(LOGIN, json={"email": EMAIL, "password": PASSWORD} | more)


async def test_pages_ask_for_the_code_after_the_password(
    client: httpx.AsyncClient, phone: Phone
) -> None:
    asked = await first_step(client)
    assert (asked.status_code, "session" in asked.cookies) == (200, False)
    assert asked.headers["cache-control"] == "no-store"
    refused = await second_step(client, asked, phone.wrong_code())
    assert (refused.status_code, "session" in refused.cookies) == (401, False)
    let_in = await second_step(client, refused, phone.code())
    assert (let_in.status_code, let_in.headers["location"]) == (303, "/admin/orders")
    assert (await client.get("/admin/me")).status_code == 200


async def test_a_recovery_code_opens_too(client: httpx.AsyncClient, phone: Phone) -> None:
    asked = await first_step(client)
    assert (await second_step(client, asked, phone.paper[3])).status_code == 303


@pytest.mark.parametrize("way", ["too late", "another password", "forged", "deactivated"])
async def test_the_ticket_between_the_steps_is_good_for_little(
    client: httpx.AsyncClient,
    books: Books,
    clock: HandClock,
    member: staff.Member,
    phone: Phone,
    way: str,
) -> None:
    asked = await first_step(client)
    if way == "too late":
        clock.advance(minutes=5)
    if way == "another password":
        async with books.writing() as uow:
            await staff.set_password(uow, member.id, password_hash="another")
    if way == "deactivated":
        async with books.writing() as uow:
            await staff.change_member(uow, member.id, {"is_active": False})
    if way == "forged":
        other = {"ticket": f"{member.id}.99999999999.x", "code": phone.code()}
        answer = await client.post("/sign-in/code", data=other, headers=OWN)
    else:
        answer = await second_step(client, asked, phone.code())
    assert answer.status_code == 401
    assert "ticket" not in answer.text
    assert (await client.get("/admin/me")).status_code == 303


async def test_programs_are_told_that_a_code_is_asked_for(
    client: httpx.AsyncClient, phone: Phone
) -> None:
    wanted = await log_in(client)
    assert (wanted.status_code, wanted.json()["code"]) == (401, "totp_required")
    wrong = await log_in(client, code=phone.wrong_code())
    assert (wrong.status_code, wrong.json()["code"]) == (401, "CodeRefused")
    unknown = await client.post(LOGIN, json={"email": EMAIL, "password": "nothing of it"})
    assert unknown.json()["code"] == "SignInRefused"
    let_in = await log_in(client, code=phone.code())
    headers = {"authorization": f"Bearer {let_in.json()['data']['token']}"}
    assert (await client.get("/api/auth/me", headers=headers)).status_code == 200


async def test_without_a_second_factor_the_answer_stays_as_it_was(
    client: httpx.AsyncClient, member: staff.Member
) -> None:
    answer = (await log_in(client)).json()["data"]
    assert (answer["user"]["id"], len(answer["token"])) == (member.id, 43)


class TestGuessing:
    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, rate_limits=True)

    async def test_codes_cannot_be_guessed(self, client: httpx.AsyncClient, phone: Phone) -> None:
        """A5: by whoever knows the password already."""
        answers = [await log_in(client, code=phone.wrong_code()) for _ in range(60)]
        evaluated = sum(answer.json()["code"] == "CodeRefused" for answer in answers)
        print(f"A5: {len(answers)} codes were tried at once, {evaluated} of them looked at")
        assert {answer.status_code for answer in answers} == {401, 429}
        assert evaluated == 5

    async def test_whoever_guesses_does_not_lock_the_owner_out(
        self, client: httpx.AsyncClient, phone: Phone, clock: HandClock
    ) -> None:
        """A5: a browser that signed in before counts by itself."""
        await second_step(client, await first_step(client), phone.code())
        mark = client.cookies["device"]
        client.cookies.clear()
        clock.advance(days=100)  # no session is left that would vouch for the address
        for _ in range(8):
            await log_in(client, code=phone.wrong_code())
        assert (await log_in(client, code=phone.code())).status_code == 429
        client.cookies.set("device", mark)
        let_in = await second_step(client, await first_step(client), phone.code())
        assert let_in.status_code == 303


async def deliver(books: Books) -> list[EmailMessage]:
    """Every letter that waited, oldest first."""
    post = MemoryPost()
    await Postman(books, post, sender=SENDER, writers=LETTERS).run_due()
    return post.letters


async def letters_of(books: Books) -> list[str]:
    """The path of the one link that each waiting letter has."""
    plain = [letter.get_body(("plain",)) for letter in await deliver(books)]
    return [LINK.findall(body.get_content())[0] for body in plain if body is not None]


@pytest.mark.usefixtures("member")
async def test_a_letter_helps_to_a_new_password_once(
    client: httpx.AsyncClient, books: Books
) -> None:
    await first_step(client)
    kept = client.cookies["session"]
    client.cookies.clear()
    await client.post("/forgotten", data={"email": EMAIL}, headers=OWN)
    (path,) = await letters_of(books)
    assert (await client.get(path)).status_code == 200
    weak = await client.post(path, data={"password": "password"}, headers=OWN)
    assert weak.status_code == 400
    done = await client.post(path, data={"password": OTHER}, headers=OWN)
    assert (done.status_code, done.headers["location"]) == (303, "/admin/me?told=password")
    assert (await client.get("/admin/me")).status_code == 200
    again = await client.post(path, data={"password": PASSWORD}, headers=OWN)
    assert again.status_code == 409
    client.cookies.clear()
    client.cookies.set("session", kept)
    assert (await client.get("/admin/me")).status_code == 303
    told = await deliver(books)
    assert [letter["subject"] for letter in told] == ["Your password was changed"]


async def test_a_letter_is_no_second_factor(
    client: httpx.AsyncClient, books: Books, phone: Phone
) -> None:
    await client.post("/api/auth/staff/forgot", json={"email": EMAIL})
    (path,) = await letters_of(books)
    token = path.rpartition("/")[2]
    done = await client.post("/api/auth/staff/reset", json={"token": token, "password": OTHER})
    assert (done.status_code, done.json()["data"]["token"]) == (200, None)
    wanted = await log_in(client, password=OTHER)
    assert wanted.json()["code"] == "totp_required"
    assert (await log_in(client, password=OTHER, code=phone.code())).status_code == 200


async def test_a_letter_gets_too_old_and_helps_nobody_who_left(
    client: httpx.AsyncClient, books: Books, clock: HandClock, member: staff.Member
) -> None:
    await client.post("/forgotten", data={"email": EMAIL}, headers=OWN)
    (path,) = await letters_of(books)
    clock.advance(hours=1)
    assert (await client.get(path)).status_code == 409
    await client.post("/forgotten", data={"email": EMAIL}, headers=OWN)
    (path,) = await letters_of(books)
    async with books.writing() as uow:
        await staff.change_member(uow, member.id, {"is_active": False})
    assert (await client.post(path, data={"password": OTHER}, headers=OWN)).status_code == 409
    await client.post("/forgotten", data={"email": EMAIL}, headers=OWN)
    (unknown,) = await deliver(books)
    assert unknown["subject"] == "There is no account with this address"


@pytest.mark.usefixtures("member")
async def test_the_answer_is_the_same_whoever_is_asked_about(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post("/api/auth/staff/forgot", json={"email": email})
        for email in (EMAIL, "nobody@bistro.example")
    ]
    assert answers[0].content == answers[1].content
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.usefixtures("member")
async def test_whoever_changes_the_password_is_signed_out_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    tokens = [(await log_in(client)).json()["data"]["token"] for _ in range(3)]
    asking, *others = [{"authorization": f"Bearer {token}"} for token in tokens]
    change = {"currentPassword": "not this one", "newPassword": OTHER}
    wrong = await client.post("/api/auth/staff/password", json=change, headers=asking)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "CurrentPasswordWrong")
    change["currentPassword"] = PASSWORD
    for weak in ("short", "password1", EMAIL):
        refused = await client.post(
            "/api/auth/staff/password", json=change | {"newPassword": weak}, headers=asking
        )
        assert (refused.status_code, refused.json()["code"]) == (400, "PasswordRefused")
    done = await client.post("/api/auth/staff/password", json=change, headers=asking)
    fresh = {"authorization": f"Bearer {done.json()['data']['token']}"}
    assert (await client.get("/api/auth/me", headers=fresh)).status_code == 200
    for ended in (asking, *others):
        assert (await client.get("/api/auth/me", headers=ended)).status_code == 401


@pytest.mark.usefixtures("member")
async def test_somebody_sees_and_ends_their_own_sign_ins_alone(client: httpx.AsyncClient) -> None:
    client.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 16) Firefox/140.0"
    tokens = [(await log_in(client)).json()["data"]["token"] for _ in range(3)]
    here, there, _ = [{"authorization": f"Bearer {token}"} for token in tokens]
    listed = (await client.get("/api/auth/sessions", headers=here)).json()["data"]
    assert [one["device"] for one in listed] == ["Firefox, Android"] * 3
    assert sum(one["isCurrent"] for one in listed) == 1
    theirs = (await client.get("/api/auth/sessions", headers=there)).json()["data"]
    other = next(one["id"] for one in theirs if one["isCurrent"])
    ended = await client.delete(f"/api/auth/sessions/{other}", headers=here)
    assert ended.status_code == 200
    assert (await client.get("/api/auth/me", headers=there)).status_code == 401
    assert (await client.delete(f"/api/auth/sessions/{other}", headers=here)).status_code == 404
    await client.delete("/api/auth/sessions", headers=here)
    left = (await client.get("/api/auth/sessions", headers=here)).json()["data"]
    assert [one["isCurrent"] for one in left] == [True]
    register = {"email": "guest@guest.example", "name": "Gus", "password": OTHER}
    guest = (await client.post("/api/auth/customer/register", json=register)).json()["data"]
    headers = {"authorization": f"Bearer {guest['token']}"}
    foreign = await client.delete(f"/api/auth/sessions/{left[0]['id']}", headers=headers)
    assert foreign.status_code == 404
    assert (await client.get("/api/auth/me", headers=here)).status_code == 200
