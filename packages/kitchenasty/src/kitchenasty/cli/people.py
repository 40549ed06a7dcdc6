"""Adding an owner from the command line, for a house nobody can sign in to."""

from kitchenasty import staff
from kitchenasty.cli.serving import opened_books
from kitchenasty.kit.config import Config
from kitchenasty.kit.identity.passwords import Passwords, check_new_password
from kitchenasty.kit.principals import Role


async def add_owner(config: Config, *, email: str, name: str, password: str) -> staff.Member:
    """Raises PasswordRefused, EmailRefused, NameRefused or EmailTaken."""
    check_new_password(password, known_words=(email, name))
    password_hash = await Passwords().hash(password)
    newcomer = staff.NewMember(email=email, name=name, role=Role.SUPER_ADMIN)
    async with opened_books(config) as books, books.writing() as uow:
        return await staff.add_member(uow, newcomer, password_hash=password_hash)
