"""Who signs certificates: the port, and ACME (RFC 8555) behind it, by HTTP-01.

The protocol is that of the `acme` library, which waits and sleeps: it runs in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from acme import challenges, client, errors, messages
from cryptography.hazmat.primitives import serialization
from josepy.errors import Error as JoseError
from josepy.jwa import ES256
from josepy.jwk import JWKEC

from basis.errors import Unavailable
from orca.certificates.material import Material, new_key, pem_of, request_for
from orca.secrets import SYSTEM, NoSuchSecret, Vault

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
ACCOUNT = "acme-account"
USER_AGENT = "orca"
TIMEOUT_SECONDS = 45

FAILURES = (errors.Error, messages.Error, requests.RequestException, JoseError, OSError)
"""Of the library, of the network, of answers that are none, and of a file that is not there."""

Publish = Callable[[Mapping[str, str]], Awaitable[None]]
"""Answers challenges by token, on every edge, when it returns."""


class OrderFailed(Unavailable):
    """The authority did not sign; the message says why. Trying again later may help."""


class Authority(Protocol):
    """Signs certificates for domains that lead to our edges."""

    async def order(self, domain: str, publish: Publish) -> Material:
        """A certificate for the domain. Raises OrderFailed."""


@dataclass
class Ordered:
    """An order that waits for its challenges."""

    client: client.ClientV2
    order: messages.OrderResource
    answers: list[tuple[messages.ChallengeBody, Any]]
    tokens: dict[str, str]


class AcmeAuthority:
    """One account, whose key lies in the vault."""

    def __init__(
        self,
        vault: Vault,
        *,
        mail: str | None,
        directory: str = LETS_ENCRYPT,
        trust: str | None = None,
    ) -> None:
        self._vault = vault
        self._mail = mail
        self._directory = directory
        self._trust = trust
        """A file with the authority's own certificate, where it is one of the house."""

    async def order(self, domain: str, publish: Publish) -> Material:
        account = await self._account_key()
        key = new_key()
        try:
            begun = await asyncio.to_thread(self._begin, account, request_for(domain, key))
            try:
                await publish(begun.tokens)
                chain = await asyncio.to_thread(finish, begun)
            finally:
                await publish({})
        except FAILURES as error:
            raise OrderFailed(f"{domain}: {words_of(error)}") from error
        return Material(chain, pem_of(key))

    async def _account_key(self) -> bytes:
        try:
            return await self._vault.take(SYSTEM, ACCOUNT)
        except NoSuchSecret:
            made = pem_of(new_key()).encode("ascii")
            await self._vault.put(SYSTEM, ACCOUNT, made)
            return made

    def _begin(self, account: bytes, request: bytes) -> Ordered:
        key = JWKEC(key=serialization.load_pem_private_key(account, password=None))
        net = client.ClientNetwork(
            key,
            alg=ES256,
            verify_ssl=self._trust or True,  # type: ignore[arg-type]  # requests takes a path too
            user_agent=USER_AGENT,
            timeout=TIMEOUT_SECONDS,
        )
        made = client.ClientV2(client.ClientV2.get_directory(self._directory, net), net)
        register(made, self._mail)
        order = made.new_order(request)
        answers, tokens = [], {}
        for authorization in order.authorizations:
            if authorization.body.status == messages.STATUS_VALID:
                continue  # proven not long ago
            challenge = http_challenge(authorization)
            response, said = challenge.chall.response_and_validation(key)
            answers.append((challenge, response))
            tokens[challenge.chall.encode("token")] = said
        return Ordered(made, order, answers, tokens)


def register(made: client.ClientV2, mail: str | None) -> None:
    wish = messages.NewRegistration.from_data(email=mail, terms_of_service_agreed=True)
    try:
        made.new_account(wish)
    except errors.ConflictError as known:
        found = messages.RegistrationResource(uri=known.location, body=messages.Registration())
        made.query_registration(found)


def http_challenge(authorization: messages.AuthorizationResource) -> messages.ChallengeBody:
    for challenge in authorization.body.challenges:
        if isinstance(challenge.chall, challenges.HTTP01):
            return challenge
    raise errors.ClientError("The authority does not ask by HTTP.")


def finish(begun: Ordered) -> str:
    for challenge, response in begun.answers:
        begun.client.answer_challenge(challenge, response)
    return str(begun.client.poll_and_finalize(begun.order).fullchain_pem)


def words_of(error: Exception) -> str:
    """Why, for people: what the authority says of each challenge, if it says so."""
    if isinstance(error, errors.ValidationError):
        said = [
            str(challenge.error.detail)
            for authorization in error.failed_authzrs
            for challenge in authorization.body.challenges
            if challenge.error is not None
        ]
        return "; ".join(said)
    if isinstance(error, requests.RequestException):
        return "the authority cannot be reached."
    return str(error) or type(error).__name__
