"""Texts by Twilio's REST interface, and the proof that a message to us is Twilio's."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from basis.kit.limits import Network
from basis.kit.outgoing import Answer, ElsewhereAway, Outgoing
from kitchenasty.texting.port import CarrierAway, CarrierRefused, OutgoingText
from kitchenasty.texting.terms import Twilio

REPORTS, ANSWERS = "/api/texting/reports", "/api/texting/answers"
SERVICE = "MG"
CREATED, OK_MAX = 200, 299
NOT_LET_IN = (401, 403)
TOO_MANY, SERVER_ERROR = 429, 500
WANTS_NONE = 21_610
WHY_LENGTH_MAX = 200


class TwilioCarrier:
    def __init__(self, account: Twilio) -> None:
        self._account = account
        self._outgoing = outgoing_to(account.networks)

    async def send(self, text: OutgoingText) -> str:
        account = self._account
        url = f"{account.base}/2010-04-01/Accounts/{account.account}/Messages.json"
        try:
            answer = await self._outgoing.post_form(
                url, fields_of(text, account), headers={"authorization": basic(account)}
            )
        except ElsewhereAway as away:
            raise CarrierAway(str(away)) from away
        return name_in(answer)


@cache
def outgoing_to(networks: tuple[Network, ...]) -> Outgoing:
    """One for the process: it keeps threads that ask name servers."""
    return Outgoing(networks)


def fields_of(text: OutgoingText, account: Twilio) -> dict[str, str]:
    from_whom = "MessagingServiceSid" if account.sender.startswith(SERVICE) else "From"
    fields = {"To": text.to, "Body": text.body, from_whom: account.sender}
    if account.public_url.startswith("https://"):
        fields["StatusCallback"] = f"{account.public_url}{REPORTS}?text={text.id}"
    return fields


def basic(account: Twilio) -> str:
    pair = f"{account.account}:{account.token!s}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def name_in(answer: Answer) -> str:
    """Twilio's name for the text. Raises CarrierAway or CarrierRefused."""
    told = read(answer.body)
    if CREATED <= answer.status <= OK_MAX:
        return str(told.get("sid") or "")
    why = f"{answer.status} {told.get('message') or ''}".strip()[:WHY_LENGTH_MAX]
    if answer.status in NOT_LET_IN or answer.status == TOO_MANY or answer.status >= SERVER_ERROR:
        # Also a wrong token: the owner mends it, and the texts wait as long as they are of use.
        raise CarrierAway(why)
    raise CarrierRefused(why, wants_none=told.get("code") == WANTS_NONE)


def read(body: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def sign(token: str, url: str, fields: Iterable[tuple[str, str]]) -> str:
    """What Twilio sends as X-Twilio-Signature: the address that it called, and after it each field
    and its value in order of the names.
    """
    told = url + "".join(name + value for name, value in sorted(set(fields)))
    # SHA-1 is what Twilio signs with; as an HMAC it is not broken.
    digest = hmac.digest(token.encode(), told.encode(), hashlib.sha1)
    return base64.b64encode(digest).decode("ascii")


def is_signed(token: str, url: str, fields: Iterable[tuple[str, str]], signature: str) -> bool:
    return hmac.compare_digest(sign(token, url, fields).encode(), signature.encode())
