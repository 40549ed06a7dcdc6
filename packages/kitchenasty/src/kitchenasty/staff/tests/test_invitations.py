"""People join the staff by a link that works once, for a week, until it is taken back."""

from __future__ import annotations

import asyncio

import pytest

from basis.errors import Conflict, DomainError
from basis.kit.testing import HandClock
from kitchenasty import audit, staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.staff.invitations import token_of

EMAIL = "rosa@bistro.example"
RACERS = 8
OWNER = Principal(kind=Kind.STAFF, id=None, name="Ada", role=Role.SUPER_ADMIN)


async def invite(books: Books, **fields: object) -> tuple[staff.Invitation, str]:
    draft = staff.InvitationDraft(**{"email": EMAIL, **fields})  # type: ignore[arg-type]
    async with books.writing(OWNER) as uow:
        invitation = await staff.invite(uow, draft)
        return invitation, token_of(uow, invitation)


async def accept(books: Books, token: str) -> staff.Member:
    async with books.writing() as uow:
        return await staff.accept(uow, token, "Rosa Vidal", password_hash="none")


async def take_back(books: Books, invitation: staff.Invitation) -> None:
    async with books.writing(OWNER) as uow:
        await staff.take_back(uow, invitation.id)


async def test_whoever_accepts_has_the_role_and_the_houses_of_the_invitation(books: Books) -> None:
    invitation, token = await invite(
        books, email=" Rosa@Bistro.Example ", role=Role.MANAGER, house_ids=("h",)
    )
    member = await accept(books, token)
    assert (member.email, member.role, member.house_ids) == (EMAIL, Role.MANAGER, ("h",))
    async with books.reading() as look:
        assert await staff.list_invitations(look) == []
        [written] = await audit.list_entries(look, entity="Invitation", entity_id=invitation.id)
    assert (written.action, written.actor_name) == ("invite", "Ada")


async def test_of_many_who_accept_one_invitation_at_once_one_joins(books: Books) -> None:
    _, token = await invite(books)
    outcomes = await asyncio.gather(
        *(accept(books, token) for _ in range(RACERS)), return_exceptions=True
    )
    assert sum(isinstance(one, staff.Member) for one in outcomes) == 1
    assert sum(isinstance(one, Conflict) for one in outcomes) == RACERS - 1


async def test_who_accepts_while_it_is_taken_back_joins_or_does_not_but_never_half(
    books: Books,
) -> None:
    invitation, token = await invite(books)
    joined, taken = await asyncio.gather(
        accept(books, token), take_back(books, invitation), return_exceptions=True
    )
    assert isinstance(joined, DomainError) != isinstance(taken, DomainError)


async def test_a_link_opens_nothing_after_a_week_nor_when_taken_back(
    books: Books, clock: HandClock
) -> None:
    invitation, token = await invite(books)
    clock.advance(days=7)
    with pytest.raises(staff.InvitationSpent):
        await accept(books, token)
    await take_back(books, invitation)
    _, other = await invite(books)
    assert (await accept(books, other)).email == EMAIL
    with pytest.raises(staff.InvitationNotFound):
        await take_back(books, invitation)


async def test_inviting_again_gives_a_fresh_week_and_ends_the_link_before(
    books: Books, clock: HandClock
) -> None:
    invitation, old = await invite(books)
    clock.advance(days=8)
    async with books.writing(OWNER) as uow:
        renewed = await staff.invite_again(uow, invitation.id)
        new = token_of(uow, renewed)
    with pytest.raises(staff.InvitationSpent):
        await accept(books, old)
    assert (await accept(books, new)).email == EMAIL


async def test_nobody_is_invited_twice_or_who_works_here(books: Books) -> None:
    _, token = await invite(books)
    with pytest.raises(staff.InvitedAlready):
        await invite(books, email="ROSA@bistro.example")
    await accept(books, token)
    with pytest.raises(staff.EmailTaken):
        await invite(books)


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 5_000, "é"])
async def test_a_made_up_link_opens_nothing(books: Books, token: str) -> None:
    await invite(books)
    with pytest.raises(staff.InvitationSpent):
        await accept(books, token)
