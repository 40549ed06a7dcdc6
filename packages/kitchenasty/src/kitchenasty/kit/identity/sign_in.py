"""Checking who somebody says they are: the same steps for staff and for guests.

Guesses are counted for each account and each address before the password is looked at. Places
where the owner has signed in before (a device with our mark, or an address with a live session)
count on their own, so strangers who guess cannot lock the owner out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from basis.errors import Invalid, TooMany, Unauthenticated
from basis.kit.limits import Limits, Policy, address_key
from basis.sentences import Sentence
from kitchenasty.kit.identity.passwords import PASSWORD_LENGTH_MAX, Passwords
from kitchenasty.kit.limits import (
    SECOND_FACTOR_PER_ACCOUNT,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_ADDRESS,
)
from kitchenasty.kit.principals import Kind

EMAIL_LENGTH_MAX = 254
DEVICE_NONCE_BYTES = 16


class SignInRefused(Unauthenticated):
    """Unknown, deactivated or wrong: the answer is the same, so that it tells nothing."""

    def __init__(self) -> None:
        super().__init__("Invalid credentials")


class TooManyTries(TooMany):
    """Asked too often; `retry_after` says in how many seconds to ask again."""

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, round(retry_after / 60))
        wait = (
            Sentence.of("{count} seconds", count=retry_after)
            if retry_after < 100
            else Sentence.of("{count} minutes", count=minutes)
        )
        super().__init__(
            Sentence.of("Too many tries. Please wait {wait} and try again.", wait=wait),
            retry_after=retry_after,
        )


class EmailRefused(Invalid):
    def __init__(self) -> None:
        super().__init__("This is not an e-mail address: it should look like name@example.com.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in. `device` is the mark that an earlier sign-in left there, if any."""

    email: str
    password: str
    address: str
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What checking needs to know of an account; `password_hash` is None where none was set."""

    kind: Kind
    id: str
    password_hash: str | None
    is_active: bool
    signed_in_from_here: bool = False
    """The account has a live session from the address that asks now."""


class CodeNeeded(Unauthenticated):
    """The password is right, and the account asks for a code too."""

    def __init__(self) -> None:
        super().__init__("Please give the code that your phone shows, too.")

    @property
    def code(self) -> str:
        return "totp_required"


class CodeRefused(Unauthenticated):
    """Wrong, too old, or used before: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("This code does not work. Wait for the next one and type that.")


FindAccounts = Callable[[str], Awaitable[Sequence[Account | None]]]
"""The accounts of a normalised address, one place for each kind that is asked for."""


class Doorman:
    """Lets in who knows the password, and makes guessing useless."""

    def __init__(self, *, passwords: Passwords, limits: Limits, secret: bytes) -> None:
        self._passwords = passwords
        self._limits = limits
        self._secret = secret

    async def check(self, attempt: Attempt, find_accounts: FindAccounts) -> Account:
        """The account whose password this is; the first of several.

        `find_accounts` must not keep a transaction open. Raises SignInRefused or TooManyTries. A
        success gives its permits back.
        """
        email = plain_email(attempt.email)
        accounts = await find_accounts(email)
        permits = (
            (SIGN_IN_PER_ADDRESS, address_key(attempt.address)),
            (SIGN_IN_PER_ACCOUNT, self._counter_of(attempt, email, accounts)),
        )
        self._take(permits)
        password = attempt.password[: PASSWORD_LENGTH_MAX + 1]
        # Every place is checked, found or not, so that the time of the answer tells nothing.
        opened = [account for account in accounts if await self._opens(account, password)]
        account = next((account for account in opened if account is not None), None)
        if account is None:
            raise SignInRefused
        for policy, key in permits:
            self._limits.give_back(policy, key)
        return account

    def take_code(
        self, account: Account, *, device: str | None, address: str
    ) -> tuple[Policy, str]:
        """One guess of the account's second factor, counted for each place it is used from. What
        is answered gives it back when it was right. Raises TooManyTries.
        """
        permit = SECOND_FACTOR_PER_ACCOUNT, self._counter(account, account.id, device, address)
        self._take((permit,))
        return permit

    def give_back(self, permit: tuple[Policy, str]) -> None:
        self._limits.give_back(*permit)

    async def _opens(self, account: Account | None, password: str) -> bool:
        kept = account.password_hash if account is not None else None
        matched = await self._passwords.match(password, kept)
        return matched and account is not None and account.is_active

    def mark_device(self, account_id: str) -> str:
        """A mark for the browser that has just signed in, worth nothing without the password."""
        nonce = secrets.token_urlsafe(DEVICE_NONCE_BYTES)
        return f"{nonce}.{self._seal(account_id, nonce)}"

    def knows_device(self, account_id: str, mark: str | None) -> bool:
        nonce, _, seal = (mark or "").partition(".")
        ours = self._seal(account_id, nonce).encode()
        return hmac.compare_digest(ours, seal.encode("utf-8", "surrogatepass"))

    def _counter_of(self, attempt: Attempt, email: str, accounts: Sequence[Account | None]) -> str:
        """Which counter a try goes to: the address's own, or one of a place it is used from."""
        for account in accounts:
            if account is not None:
                counter = self._counter(account, email, attempt.device, attempt.address)
                if counter != email:
                    return counter
        return email

    def _counter(self, account: Account, name: str, device: str | None, address: str) -> str:
        if self.knows_device(account.id, device):
            return f"{name}|device {device}"
        if account.signed_in_from_here:
            return f"{name}|from {address_key(address)}"
        return name

    def _take(self, permits: tuple[tuple[Policy, str], ...]) -> None:
        for policy, key in permits:
            verdict = self._limits.take(policy, key)
            if not verdict.allowed:
                raise TooManyTries(verdict.retry_after_seconds)

    def _seal(self, account_id: str, nonce: str) -> str:
        text = f"device|{account_id}|{nonce}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()


def plain_email(email: str) -> str:
    """One spelling for each mailbox: without blanks, in small letters."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def check_email(email: str) -> str:
    """The one spelling of an address that a message can be sent to; raises EmailRefused."""
    plain = plain_email(email)
    local, _, domain = plain.rpartition("@")
    odd = any(not character.isprintable() or character in ' "(),:;<>[\\]@' for character in local)
    labels = domain.split(".")
    named = len(labels) > 1 and all(
        label and not label.startswith("-") and all(c.isalnum() or c == "-" for c in label)
        for label in labels
    )
    if not local or odd or not named or len(plain) > EMAIL_LENGTH_MAX:
        raise EmailRefused
    return plain
