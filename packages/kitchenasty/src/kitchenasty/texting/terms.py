"""Who carries text messages, as the owner set it: read when it is needed, so that a change counts
for the next text in every process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from basis.kit.limits import Network
from basis.kit.secret import Secret
from basis.sentences import word
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.kit.config import read_networks
from kitchenasty.settings import Field, Group, Kind, SettingRefused, Value

TWILIO_API = "https://api.twilio.com"
DAILY_LIMIT = 200
DAILY_LIMIT_MAX = 20_000
INCOMPLETE = word("Twilio needs an account, its token and a sender.")
SENDER = re.compile(r"\+[1-9]\d{6,14}|MG[0-9a-f]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


class CarrierChoice(StrEnum):
    """Who takes texts. SHOWN: nobody, they are only written down in the office."""

    OFF = "off"
    SHOWN = "shown"
    TWILIO = "twilio"


def check(values: Mapping[str, Value]) -> None:
    """Raises SettingRefused for a carrier without what it needs."""
    needed = ("account", "token", "sender")
    if values["carrier"] == CarrierChoice.TWILIO and not all(values[name] for name in needed):
        raise SettingRefused(INCOMPLETE, {"carrier": INCOMPLETE})


def receiver(values: Mapping[str, Value]) -> Value:
    """Who is sent the token: an account at Twilio."""
    return values["account"] or None


TEXTING = Group(
    "texting",
    (
        Field(
            name="carrier",
            label=word("Text messages"),
            default=CarrierChoice.OFF.value,
            environment="TWILIO_ACCOUNT_SID",
            # Where an account is named, it is meant to be used.
            translate=lambda _account: CarrierChoice.TWILIO.value,
            choices=(
                (CarrierChoice.OFF.value, word("Not sent")),
                (CarrierChoice.SHOWN.value, word("Only written down in the office, to try it")),
                (CarrierChoice.TWILIO.value, word("Sent with Twilio")),
            ),
            hint=word("Every text costs money. Guests get one only if they left a phone number."),
        ),
        Field(
            name="account",
            label=word("Account SID"),
            environment="TWILIO_ACCOUNT_SID",
            shape=re.compile(r"AC[0-9a-f]{32}"),
            length_max=34,
            can_be_empty=True,
            hint=word("AC and 32 characters, from the front page of the Twilio console."),
        ),
        Field(
            name="token",
            label=word("Auth token"),
            is_secret=True,
            environment="TWILIO_AUTH_TOKEN",
            shape=re.compile(r"[!-~]{8,100}"),
            length_max=100,
            hint=word(
                "Kept encrypted. Left as it is, it stays; for another account it is typed again."
            ),
        ),
        Field(
            name="sender",
            label=word("Sender"),
            environment="TWILIO_FROM_NUMBER",
            shape=SENDER,
            length_max=34,
            can_be_empty=True,
            hint=word(
                "A number of the account like +4930123456, a messaging service (MG…), or a name of "
                "at most 11 letters and digits, to which nobody can answer."
            ),
        ),
        Field(
            name="dailyLimit",
            label=word("At most on one day"),
            kind=Kind.WHOLE,
            default=DAILY_LIMIT,
            least=1,
            most=DAILY_LIMIT_MAX,
            hint=word(
                "Segments of text, which is what Twilio counts. What is above waits for you."
            ),
        ),
        Field(
            name="orderReady",
            label=word("Tell guests when their order is ready"),
            default=False,
            hint=word("To pick up, or on its way to them."),
        ),
        Field(
            name="reminders",
            label=word("Remind guests of their table"),
            default=False,
            hint=word("Besides the letter, as many hours before as each house says."),
        ),
    ),
    check,
    (settings.Bond("token", receiver, ("account",)),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twilio:
    """An account, and where it is reached. `public_url` is where it reports to, if anywhere."""

    account: str
    token: Secret
    sender: str
    base: str
    public_url: str
    networks: tuple[Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTerms:
    """What counts now. `twilio` is there as soon as it is complete, whoever carries."""

    carrier: CarrierChoice
    twilio: Twilio | None
    daily_limit: int
    tells_of_orders: bool
    reminds: bool

    @property
    def is_off(self) -> bool:
        return self.carrier is CarrierChoice.OFF


async def load_text_terms(look: Look) -> TextTerms:
    values = await settings.load(look, TEXTING)
    limit = values["dailyLimit"]
    return TextTerms(
        carrier=CarrierChoice(str(values["carrier"])),
        twilio=twilio_of(look, values),
        daily_limit=limit if isinstance(limit, int) else DAILY_LIMIT,
        tells_of_orders=values["orderReady"] is True,
        reminds=values["reminders"] is True,
    )


def twilio_of(look: Look, values: Mapping[str, Value]) -> Twilio | None:
    if not (values["account"] and values["token"] and values["sender"]):
        return None
    return Twilio(
        account=str(values["account"]),
        token=Secret(str(values["token"])),
        sender=str(values["sender"]),
        base=look.given.get("TWILIO_API_BASE", TWILIO_API).rstrip("/"),
        public_url=look.given.get("PUBLIC_URL", "").rstrip("/"),
        networks=read_networks(look.given, "OUTGOING_NETWORKS"),
    )
