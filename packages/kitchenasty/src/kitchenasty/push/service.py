"""Who follows what on which phone, and asking for messages to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from basis.kit.web_address import NotAnAddress, read_web_address
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.push import queries
from kitchenasty.push.states import About, Subject, Way

WEB_JOB, EXPO_JOB = "push.web", "push.expo"
FOLLOWERS_MAX = 50
"""Of one thing. Each is an address that we call: nobody makes us call thousands."""
EXPO_AT_ONCE_MAX = 100
KEPT_DAYS = 400
"""As long as a table can be reserved ahead, and some."""
KEY_LENGTH_MAX = 200


class TooManyFollow(Conflict):
    def __init__(self) -> None:
        super().__init__("Too many phones are told about this already.")


class EndpointRefused(Invalid):
    def __init__(self) -> None:
        super().__init__("This is no address of a push service.")


@dataclass(frozen=True, slots=True)
class Phone:
    """How one phone is reached: with both keys a browser's, without them the app's token."""

    way: Way
    endpoint: str
    public_key: str | None = None
    auth_secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushDraft:
    """A message to all phones that follow something. `key` says what happened: a second message
    with the same key goes to nobody. The writer of its `kind` words it when it is sent.
    """

    kind: str
    key: str
    subject: Subject
    facts: Mapping[str, Any]
    useful_for: timedelta


async def follow(
    uow: UnitOfWork, phone: Phone, subject: Subject, *, session_id: str | None = None
) -> None:
    """Tell this phone from now on, in the language of this visit. Twice is once; with a session it
    ends with the session.

    Raises EndpointRefused, TooManyFollow.
    """
    if phone.way is Way.WEB:
        check_endpoint(phone.endpoint)
    await leave(uow, phone.endpoint, subject)
    if await uow.value(queries.COUNT, of_about=subject.about, of_id=subject.id) >= FOLLOWERS_MAX:
        raise TooManyFollow
    await uow.run(
        queries.ADD,
        id=new_id(),
        way=phone.way,
        endpoint=phone.endpoint,
        public_key=phone.public_key,
        auth_secret=phone.auth_secret,
        about=subject.about,
        about_id=subject.id,
        session_id=session_id,
        locale=current_locale.get(),
        created_at=uow.now,
    )


async def follow_account(
    uow: UnitOfWork, token: str, guest_id: str, *, session_id: str | None = None
) -> None:
    """The app on this phone tells whoever signed in there last, and nobody before them.

    Raises TooManyFollow.
    """
    await forget_phone(uow, token)
    phone = Phone(Way.EXPO, token)
    await follow(uow, phone, Subject(About.ACCOUNT, guest_id), session_id=session_id)


def check_endpoint(endpoint: str) -> None:
    """Where it leads is looked at again when it is called. Raises EndpointRefused."""
    try:
        read_web_address(endpoint)
    except NotAnAddress as error:
        raise EndpointRefused from error


async def follows(look: Look, endpoint: str, subject: Subject) -> bool:
    found = await look.value(
        queries.FOLLOWS, of_endpoint=endpoint, of_about=subject.about, of_id=subject.id
    )
    return found is not None


async def is_any_followed(look: Look, about: About) -> bool:
    """Whether any phone is told about any such thing."""
    return await look.value(queries.IS_FOLLOWED, of_about=about) is not None


async def leave(uow: UnitOfWork, endpoint: str, subject: Subject) -> None:
    """Tell this phone no more about this. It need not have followed."""
    await uow.run(queries.LEAVE, of_endpoint=endpoint, of_about=subject.about, of_id=subject.id)


async def forget_phone(uow: UnitOfWork, endpoint: str) -> None:
    """Its service says that it is not there any more, or it belongs to somebody else now."""
    await uow.run(queries.LEAVE_ALL, of_endpoint=endpoint)


async def send_push(uow: UnitOfWork, draft: PushDraft) -> int:
    """Have all who follow told exactly if this change happens; how many phones. Each is tried as
    long as the message is of use.
    """
    rows = await uow.rows(
        queries.WHO_FOLLOWS, of_about=draft.subject.about, of_id=draft.subject.id, now=uow.now
    )
    browsers = [follower_id for follower_id, way in rows if way == Way.WEB]
    apps = [follower_id for follower_id, way in rows if way == Way.EXPO]
    for follower_id in browsers:
        queue(uow, WEB_JOB, draft, [follower_id])
    for begin in range(0, len(apps), EXPO_AT_ONCE_MAX):
        queue(uow, EXPO_JOB, draft, apps[begin : begin + EXPO_AT_ONCE_MAX])
    return len(rows)


def queue(uow: UnitOfWork, job: str, draft: PushDraft, follower_ids: list[str]) -> None:
    key = f"{job}:{draft.key}:{follower_ids[0]}"
    assert len(key) <= KEY_LENGTH_MAX
    payload = {
        "followers": follower_ids,
        "kind": draft.kind,
        "facts": dict(draft.facts),
        "key": key,
        "until": (uow.now + draft.useful_for).isoformat(),
        "tries": 0,
    }
    uow.enqueue(job, payload, key=key)


async def forget_old_followers(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(queries.FORGET_OLD, before=uow.now - timedelta(days=KEPT_DAYS))
