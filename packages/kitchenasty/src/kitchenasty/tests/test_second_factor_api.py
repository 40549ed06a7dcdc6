"""Somebody of the staff sets up a phone as the second factor by the API alone."""

from __future__ import annotations

import base64

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity import totp
from kitchenasty.kit.identity.passwords import Passwords

EMAIL, PASSWORD = "ada@bistro.example", "seven green kettles"
HERE = "/api/auth/staff/second-factor"
KNOWN = {"currentPassword": PASSWORD}


@pytest.fixture
async def member(books: Books) -> staff.Member:
    password_hash = await Passwords(memory_kib=64).hash(PASSWORD)
    async with books.writing() as uow:
        newcomer = staff.NewMember(email=EMAIL, name="Ada")
        return await staff.add_member(uow, newcomer, password_hash=password_hash)


async def log_in(client: httpx.AsyncClient, **more: str) -> httpx.Response:
    form = {"email": EMAIL, "password": PASSWORD} | more
    return await client.post("/api/auth/staff/login", json=form)


async def bearer(client: httpx.AsyncClient, **more: str) -> dict[str, str]:
    token = (await log_in(client, **more)).json()["data"]["token"]
    return {"authorization": f"Bearer {token}"}


@pytest.mark.usefixtures("member")
async def test_a_phone_is_set_up_by_the_api_and_asked_for(
    client: httpx.AsyncClient, clock: HandClock
) -> None:
    mine, other = await bearer(client), await bearer(client)
    told = (await client.get(HERE, headers=mine)).json()["data"]
    assert told == {"isOn": False, "isNeeded": False, "recoveryCodesLeft": 0}
    wrong = await client.post(HERE, json={"currentPassword": "another"}, headers=mine)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "CurrentPasswordWrong")
    begun = (await client.post(HERE, json=KNOWN, headers=mine)).json()["data"]
    assert begun["address"].startswith("otpauth://totp/")
    typed = begun["secret"].replace(" ", "")
    secret = base64.b32decode(typed + "=" * (-len(typed) % 8))
    code = totp.code_at(secret, totp.step_of(clock()))
    unlike = f"{(int(code) + 500_000) % 1_000_000:06d}"
    refused = await client.post(f"{HERE}/confirm", json={"code": unlike}, headers=mine)
    assert refused.json()["code"] == "CodeRefused"
    assert (await log_in(client)).status_code == 200  # until it is confirmed nothing changes
    confirmed = await client.post(f"{HERE}/confirm", json={"code": code}, headers=mine)
    paper = confirmed.json()["data"]["recoveryCodes"]
    assert len(set(paper)) == 10
    assert (await client.get(HERE, headers=other)).status_code == 401  # signed out there
    assert (await client.post(HERE, json=KNOWN, headers=mine)).status_code == 409
    assert (await log_in(client)).json()["code"] == "totp_required"
    clock.advance(minutes=1)
    later = totp.code_at(secret, totp.step_of(clock()))
    assert (await log_in(client, code=later)).status_code == 200
    fresh = await client.post(f"{HERE}/codes", json=KNOWN, headers=mine)
    assert (await log_in(client, code=paper[0])).json()["code"] == "CodeRefused"
    assert (await log_in(client, code=fresh.json()["data"]["recoveryCodes"][0])).is_success
    told = (await client.get(HERE, headers=mine)).json()["data"]
    assert told == {"isOn": True, "isNeeded": False, "recoveryCodesLeft": 9}
    dropped = await client.post(f"{HERE}/off", json=KNOWN, headers=mine)
    assert dropped.status_code == 200
    assert (await log_in(client)).status_code == 200


async def test_who_must_have_one_sets_it_up_before_anything_else_opens(
    client: httpx.AsyncClient, books: Books, member: staff.Member
) -> None:
    async with books.writing() as uow:
        await staff.change_member(uow, member.id, {"role": "SUPER_ADMIN"})
        await staff.change_demand(uow, "owners")
    mine = await bearer(client)
    assert (await client.get("/api/staff", headers=mine)).status_code == 403
    assert (await client.get(HERE, headers=mine)).json()["data"]["isNeeded"] is True
    assert (await client.post(HERE, json=KNOWN, headers=mine)).status_code == 200
