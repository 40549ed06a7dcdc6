from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import audit, settings, staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity import totp
from kitchenasty.kit.identity.sign_in import CodeNeeded, CodeRefused
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.staff.codes import CODE_LETTERS
from kitchenasty.staff.models import RecoveryCodeRow, SecondFactorRow

RACERS = 20
BOSS = Principal(kind=Kind.STAFF, id="boss", role=Role.SUPER_ADMIN, name="Boss")


async def add(books: Books, role: Role = Role.STAFF, name: str = "Ada") -> staff.Member:
    async with books.writing() as uow:
        newcomer = staff.NewMember(email=f"{name}@bistro.example", name=name, role=role)
        return await staff.add_member(uow, newcomer, password_hash="none")


def code_of(factor: staff.SecondFactor, clock: HandClock, *, steps: int = 0) -> str:
    return totp.code_at(factor.secret, totp.step_of(clock()) + steps)


async def enrol(
    books: Books, clock: HandClock, member: staff.Member
) -> tuple[staff.SecondFactor, list[str]]:
    """A phone that was set up a minute ago, and the codes on paper."""
    async with books.writing() as uow:
        factor = await staff.begin_second_factor(uow, member.id)
        codes = await staff.confirm_second_factor(uow, member.id, code_of(factor, clock))
    clock.advance(seconds=2 * totp.STEP_SECONDS)
    return factor, codes


async def give(books: Books, member: staff.Member, code: str | None) -> None:
    async with books.writing() as uow:
        await staff.check_second_factor(uow, member.id, code)


async def is_open(books: Books, member: staff.Member, code: str) -> bool:
    try:
        await give(books, member, code)
    except CodeRefused:
        return False
    return True


async def test_without_one_no_code_is_asked_for(books: Books) -> None:
    member = await add(books)
    await give(books, member, None)
    async with books.writing() as uow:
        await staff.begin_second_factor(uow, member.id)
    await give(books, member, None)


async def test_it_counts_once_it_is_confirmed(books: Books, clock: HandClock) -> None:
    member = await add(books)
    async with books.writing() as uow:
        factor = await staff.begin_second_factor(uow, member.id)
        with pytest.raises(CodeRefused):
            await staff.confirm_second_factor(uow, member.id, "000 00")
        spaced = code_of(factor, clock)
        await staff.confirm_second_factor(uow, member.id, f"{spaced[:3]} {spaced[3:]}")
    with pytest.raises(CodeNeeded) as needed:
        await give(books, member, " ")
    assert needed.value.code == "totp_required"
    async with books.writing() as uow:
        with pytest.raises(staff.SecondFactorThere):
            await staff.begin_second_factor(uow, member.id)
        with pytest.raises(staff.SecondFactorThere):
            await staff.confirm_second_factor(uow, member.id, code_of(factor, clock))


async def test_a_code_works_once(books: Books, clock: HandClock) -> None:
    """Not the one that it was set up with either, and none that is older than the last."""
    member = await add(books)
    async with books.writing() as uow:
        factor = await staff.begin_second_factor(uow, member.id)
        await staff.confirm_second_factor(uow, member.id, code_of(factor, clock))
    assert not await is_open(books, member, code_of(factor, clock))
    assert await is_open(books, member, code_of(factor, clock, steps=1))
    for steps in (-1, 0, 1):
        assert not await is_open(books, member, code_of(factor, clock, steps=steps))
    clock.advance(seconds=totp.STEP_SECONDS)
    assert await is_open(books, member, code_of(factor, clock, steps=1))


async def test_of_many_who_use_one_code_at_once_one_gets_in(books: Books, clock: HandClock) -> None:
    member = await add(books)
    factor, codes = await enrol(books, clock, member)
    for code in (code_of(factor, clock), codes[0]):
        got_in = await asyncio.gather(*(is_open(books, member, code) for _ in range(RACERS)))
        assert sum(got_in) == 1


async def test_each_recovery_code_opens_once(books: Books, clock: HandClock) -> None:
    member = await add(books)
    _, codes = await enrol(books, clock, member)
    assert len(set(codes)) == 10
    assert await is_open(books, member, codes[0].lower().replace("-", " "))
    assert not await is_open(books, member, codes[0])
    async with books.writing() as uow:
        assert await staff.count_recovery_codes(uow, member.id) == 9
        fresh = await staff.renew_recovery_codes(uow, member.id)
    assert not await is_open(books, member, codes[1])
    assert await is_open(books, member, fresh[1])


async def test_a_recovery_code_is_too_long_to_be_found_from_its_hash(
    books: Books, clock: HandClock
) -> None:
    _, codes = await enrol(books, clock, await add(books))
    letters = len(codes[0].replace("-", ""))
    assert len(CODE_LETTERS) ** letters >= 2**112


async def test_the_books_hold_neither_secret_nor_codes(books: Books, clock: HandClock) -> None:
    member = await add(books)
    factor, codes = await enrol(books, clock, member)
    async with books.reading() as look:
        tables = (SecondFactorRow.__table__, RecoveryCodeRow.__table__)
        kept = str([await look.rows(Statement(select(table))) for table in tables])
    told = [factor.secret.hex(), totp.spell(factor.secret).replace(" ", ""), *codes]
    assert all(one not in kept and one.replace("-", "") not in kept for one in told)


async def test_one_persons_secret_cannot_stand_in_for_anothers(books: Books) -> None:
    """Not even for somebody who can write to the database."""
    ada, mallory = await add(books), await add(books, name="Mallory")
    async with books.writing() as uow:
        await staff.begin_second_factor(uow, mallory.id)
        await staff.begin_second_factor(uow, ada.id)
        own = await uow.session.get_one(SecondFactorRow, mallory.id)
        theirs = await uow.session.get_one(SecondFactorRow, ada.id)
        theirs.sealed_secret = own.sealed_secret
        await uow.session.flush()  # the statement that reads it is the driver's
        with pytest.raises(settings.CannotUnseal):
            await staff.find_second_factor(uow, ada.id)


async def test_what_the_house_asks_for_stays_but_an_owner_can_help(
    books: Books, clock: HandClock
) -> None:
    member = await add(books, Role.MANAGER)
    await enrol(books, clock, member)
    own = Principal(kind=Kind.STAFF, id=member.id, role=Role.MANAGER, name="Ada")
    async with books.writing(BOSS) as uow:
        await settings.change(uow, staff.SECURITY, {"secondFactor": "managers"})
    with pytest.raises(staff.SecondFactorKept):
        async with books.writing(own) as uow:
            await staff.drop_second_factor(uow, member.id)
    async with books.writing(BOSS) as uow:
        await staff.drop_second_factor(uow, member.id)
        trail = await audit.list_entries(uow, entity="Staff", entity_id=member.id)
    assert [one.action for one in trail][:2] == ["second-factor-off", "second-factor-on"]
    assert trail[0].actor_name == "Boss"
    await give(books, member, None)


@pytest.mark.parametrize(
    ("demand", "asked"),
    [
        ("nobody", ()),
        ("owners", (Role.SUPER_ADMIN,)),
        ("managers", (Role.MANAGER, Role.SUPER_ADMIN)),
        ("everybody", tuple(Role)),
    ],
)
async def test_owners_say_who_needs_one(books: Books, demand: str, asked: tuple[Role, ...]) -> None:
    async with books.writing() as uow:
        await settings.change(uow, staff.SECURITY, {"secondFactor": demand})
    async with books.reading() as look:
        found = {role for role in Role if await staff.is_asked_for(look, role)}
    assert found == set(asked)
