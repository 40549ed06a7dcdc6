"""Tokens: random, shown once, kept as a hash, with a role, an end, and when they were used last."""

from __future__ import annotations

import hmac
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from basis.clock import Clock, system_clock
from basis.errors import Conflict, Invalid, NotFound, Unauthenticated
from basis.ids import hash_capability, new_capability, new_code
from basis.kit.private_files import write_private
from basis.kit.secret import Secret
from orca.access.roles import Role
from orca.store import NEVER, ChangedMeanwhile, Compare, Delete, Entry, Put, Store, StoreAway

logger = logging.getLogger(__name__)

PREFIX = "tokens/"
SPELLED = re.compile(r"orca_([0-9A-Z]{12})_([A-Za-z0-9_-]{20,60})")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}")
ID_LENGTH = 12
TOKENS_MAX = 200
DAYS_MAX = 3_650
USED_EVERY = timedelta(minutes=1)
"""How exactly the last use is known: a look must not cost a write each time."""


class Unrecognised(Unauthenticated):
    """No token, or one that is not valid (any more)."""

    def __init__(self) -> None:
        # One sentence for all: whoever guesses is not told how near they are.
        super().__init__("A valid token is needed: Authorization: Bearer orca_…")


class BadToken(Invalid):
    """A token that cannot be called so, or that would live too long."""


class NoSuchToken(NotFound):
    """It was revoked, or never was."""


class TooManyTokens(Conflict):
    """Nobody can keep so many in mind."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What the store keeps. The token itself cannot be made from it."""

    name: str
    role: Role
    hash: str
    made_at: datetime
    made_by: str
    ends_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TokenLine:
    """What may be told of a token."""

    id: str
    name: str
    role: Role
    made_at: datetime
    made_by: str
    ends_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token. This is the only time that anybody sees it."""

    line: TokenLine
    token: Secret


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts: a token by its id and name, with its role."""

    id: str
    name: str
    role: Role


class Tokens:
    """The tokens of one cluster."""

    def __init__(self, store: Store, *, clock: Clock = system_clock) -> None:
        self._store = store
        self._clock = clock

    async def issue(self, name: str, role: Role, *, days: int | None, by: str) -> Issued:
        """Raises BadToken, TooManyTokens."""
        if not NAME.fullmatch(name):
            raise BadToken("A token's name has 1 to 64 letters, digits, spaces, dots or hyphens.")
        if days is not None and not 1 <= days <= DAYS_MAX:
            raise BadToken(f"A token is valid for 1 to {DAYS_MAX} days, or until it is revoked.")
        if len((await self._store.range(PREFIX)).entries) >= TOKENS_MAX:
            raise TooManyTokens(f"There are {TOKENS_MAX} tokens. Revoke some that nobody uses.")
        now = self._clock()
        chance = new_capability()
        kept = Kept(
            name=name,
            role=role,
            hash=hash_capability(chance),
            made_at=now,
            made_by=by,
            ends_at=None if days is None else now + timedelta(days=days),
        )
        id_ = new_code(ID_LENGTH)
        await self._store.transact(
            [Put(PREFIX + id_, msgspec.json.encode(kept))], compares=[Compare(PREFIX + id_, NEVER)]
        )
        return Issued(line_of(id_, kept), Secret(f"orca_{id_}_{chance}"))

    async def recognise(self, bearer: str) -> Principal:
        """Whose token it is. Raises Unrecognised."""
        spelled = SPELLED.fullmatch(bearer)
        entry = await self._find(spelled[1]) if spelled else None
        if spelled is None or entry is None:
            raise Unrecognised
        kept = decode(entry)
        now = self._clock()
        is_over = kept.ends_at is not None and kept.ends_at <= now
        if not hmac.compare_digest(kept.hash, hash_capability(spelled[2])) or is_over:
            raise Unrecognised
        if kept.used_at is None or now - kept.used_at >= USED_EVERY:
            await self._note_use(entry, msgspec.structs.replace(kept, used_at=now))
        return Principal(spelled[1], kept.name, kept.role)

    async def _note_use(self, entry: Entry, kept: Kept) -> None:
        put = Put(entry.key, msgspec.json.encode(kept))
        try:
            # Compared, so that one that is revoked at this moment does not come back.
            await self._store.transact([put], compares=[Compare(entry.key, entry.revision)])
        except ChangedMeanwhile:
            if await self._find(entry.key.removeprefix(PREFIX)) is None:
                raise Unrecognised from None
        except StoreAway as away:
            # Whoever looks for what is wrong with the disk must be let in while it is full.
            logger.warning("the use of a token was not noted: %s", away)

    async def list_all(self) -> tuple[TokenLine, ...]:
        found = await self._store.range(PREFIX)
        lines = [line_of(entry.key.removeprefix(PREFIX), decode(entry)) for entry in found.entries]
        return tuple(sorted(lines, key=lambda line: (line.made_at, line.id)))

    async def revoke(self, id_: str) -> None:
        """From the next request on it opens nothing. Raises NoSuchToken."""
        if await self._find(id_) is None:
            raise NoSuchToken(f"There is no token {id_[:40]!r}.")
        await self._store.transact([Delete(PREFIX + id_)])

    async def ensure_admin(self, path: Path) -> bool:
        """At the start: if nobody is an admin any more, whoever can read the data folder is.
        Whether a token was made and written there.
        """
        now = self._clock()
        for line in await self.list_all():
            if line.role is Role.ADMIN and (line.ends_at is None or line.ends_at > now):
                return False
        issued = await self.issue("first admin", Role.ADMIN, days=None, by="orca")
        write_private(path, f"{issued.token!s}\n".encode())
        return True

    async def _find(self, id_: str) -> Entry | None:
        if not re.fullmatch(r"[0-9A-Z]{12}", id_):
            return None
        found = await self._store.range(PREFIX + id_, limit=1)
        return found.entries[0] if found.entries else None


def line_of(id_: str, kept: Kept) -> TokenLine:
    return TokenLine(
        id_, kept.name, kept.role, kept.made_at, kept.made_by, kept.ends_at, kept.used_at
    )


def decode(entry: Entry) -> Kept:
    return msgspec.json.decode(entry.value, type=Kept)
