"""What a browser says about itself, and what it is told."""

from __future__ import annotations

from typing import Annotated

import msgspec

from basis.kit.http.wire import Form, WireStruct
from kitchenasty.push.models import ENDPOINT_LENGTH_MAX
from kitchenasty.push.states import About, Subject

Endpoint = Annotated[str, msgspec.Meta(min_length=1, max_length=ENDPOINT_LENGTH_MAX)]
SubjectId = Annotated[str, msgspec.Meta(min_length=1, max_length=36)]
# 65 bytes of a point and 16 of a secret, as browsers write them.
PublicKey = Annotated[str, msgspec.Meta(pattern=r"^B[A-Za-z0-9_-]{86}$", max_length=87)]
AuthSecret = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}$", max_length=22)]
Capability = Annotated[str, msgspec.Meta(max_length=64)]


class PhoneForm(Form, kw_only=True):
    """A browser, and what it asks to be told about."""

    VERBATIM = frozenset({"endpoint"})

    endpoint: Endpoint
    about: About
    about_id: SubjectId

    @property
    def subject(self) -> Subject:
        return Subject(self.about, self.about_id)

    @property
    def room(self) -> str:
        """The name of the live room of those who may be told."""
        return f"{self.about}:{self.about_id}"


class FollowForm(PhoneForm, kw_only=True):
    VERBATIM = frozenset({"endpoint", "capability"})

    public_key: PublicKey
    auth_secret: AuthSecret
    capability: Capability | None = None


class PushKeyView(WireStruct, kw_only=True):
    """What a browser has to know of us before it asks its push service for an address."""

    public_key: str


class FollowsView(WireStruct, kw_only=True):
    follows: bool
