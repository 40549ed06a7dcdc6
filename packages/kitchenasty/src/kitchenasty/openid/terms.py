"""Who else may say who a guest is: Google, or any provider of OpenID Connect, as owners set it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from basis.errors import Conflict, NotFound
from basis.kit.secret import Secret
from basis.sentences import word
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.settings import Field, Group, SettingRefused, Value

GOOGLE, OTHER = "google", "other"
ISSUER_OF_GOOGLE = "https://accounts.google.com"
INCOMPLETE = word("It can be switched on once the provider, its client ID and secret are there.")


class NotOffered(NotFound):
    """No provider is set up, or it is switched off."""

    def __init__(self) -> None:
        super().__init__("This house offers no sign-in with another account.")


class NotSetUp(Conflict):
    """What is needed to try it is not there."""

    def __init__(self) -> None:
        super().__init__(
            "First save the provider, its client ID and its secret, and have "
            "KITCHENASTY_PUBLIC_URL set: guests come back to it."
        )


def check(values: Mapping[str, Value]) -> None:
    """Raises SettingRefused for a switch without what it needs."""
    if values["enabled"] and not is_complete(values):
        raise SettingRefused(INCOMPLETE, {"enabled": INCOMPLETE})


def receiver(values: Mapping[str, Value]) -> tuple[str, Value] | None:
    """Who is sent the secret: a provider, in the name of a client."""
    return (issuer_of(values), values["clientId"]) if issuer_of(values) else None


OPENID = Group(
    "openid",
    (
        Field(
            name="enabled",
            label=word("Offer it to guests"),
            default=False,
            hint=word("Guests see a button at the sign-in."),
        ),
        Field(
            name="provider",
            label=word("Provider"),
            default=GOOGLE,
            environment="OPENID_ISSUER",
            # Where an issuer is named, it is not Google's that is meant.
            translate=lambda _issuer: OTHER,
            choices=(
                (GOOGLE, "Google"),
                (OTHER, word("Another one that speaks OpenID Connect")),
            ),
            hint=word("Who guests have an account with already."),
        ),
        Field(
            name="issuer",
            label=word("Address of the provider"),
            environment="OPENID_ISSUER",
            shape=re.compile(r"https?://[a-z0-9.-]{1,253}(:\d{1,5})?(/[\w.~%-]+)*/?"),
            length_max=300,
            can_be_empty=True,
            hint=word("Its issuer, like https://login.example/realms/guests. Google needs none."),
        ),
        Field(
            name="clientId",
            label=word("Client ID"),
            environment="OPENID_CLIENT_ID",
            shape=re.compile(r"[!-~]{1,255}"),
            length_max=255,
            can_be_empty=True,
            hint=word("The provider gave it to this house. Copied whole."),
        ),
        Field(
            name="clientSecret",
            label=word("Client secret"),
            is_secret=True,
            environment="OPENID_CLIENT_SECRET",
            shape=re.compile(r"[!-~]{1,500}"),
            hint=word(
                "Kept encrypted. Left as it is, it stays; for another provider or client it is "
                "typed again."
            ),
        ),
        Field(
            name="label",
            label=word("Name on the button"),
            length_max=40,
            can_be_empty=True,
            hint=word("Empty: Google, or the provider's address."),
        ),
        Field(
            name="appUrl",
            label=word("Address of an app of your own"),
            shape=re.compile(r"https?://[a-z0-9.-]{1,253}(:\d{1,5})?"),
            length_max=300,
            can_be_empty=True,
            hint=word(
                "Only for a web app on another address that uses our API: guests who sign in there "
                "go back to it, and the address they go to holds their token."
            ),
        ),
    ),
    check,
    (settings.Bond("clientSecret", receiver, ("provider", "issuer", "clientId")),),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The provider that counts now. `issuer` is compared to the letter, as the standard says."""

    issuer: str
    client_id: str
    client_secret: Secret
    label: str
    public_url: str
    app_url: str | None


def is_complete(values: Mapping[str, Value]) -> bool:
    return bool(issuer_of(values) and values["clientId"] and values["clientSecret"])


def issuer_of(values: Mapping[str, Value]) -> str:
    return ISSUER_OF_GOOGLE if values["provider"] == GOOGLE else str(values["issuer"] or "")


def label_of(values: Mapping[str, Value]) -> str:
    if values["label"]:
        return str(values["label"])
    return "Google" if values["provider"] == GOOGLE else urlsplit(issuer_of(values)).netloc


async def find_terms(look: Look, *, even_if_off: bool = False) -> Terms | None:
    """None while the provider is off or incomplete, or the house has no address on the web to which
    guests could come back.
    """
    values = await settings.load(look, OPENID)
    public_url = look.given.get("PUBLIC_URL", "").rstrip("/")
    if not (public_url and is_complete(values) and (values["enabled"] or even_if_off)):
        return None
    return Terms(
        issuer=issuer_of(values),
        client_id=str(values["clientId"]),
        client_secret=Secret(str(values["clientSecret"])),
        label=label_of(values),
        public_url=public_url,
        app_url=str(values["appUrl"]) if values["appUrl"] else None,
    )


async def find_label(look: Look) -> str | None:
    """What the button says; None while there is none."""
    terms = await find_terms(look)
    return None if terms is None else terms.label
