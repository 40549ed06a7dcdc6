"""Reading an ID token: who signed it, by which algorithm, with which key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import Key

KIND_OF = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "ES384": "EC"}
"""Signatures by a key that only the provider has. `none` is none, and those with a shared secret
(HS256) could be made by anybody who takes the public key for it.
"""
KINDS = ("RSA", "EC")
TOKEN_LENGTH_MAX = 16_384
KEYS_MAX = 50
MODULUS_LENGTH_MIN = 342
"""Of 2,048 bits, in base64."""


class TokenRefused(ValueError):
    """It is no token, or not signed as it must be; it does not say by whom."""


class KeyUnknown(TokenRefused):
    """None of the keys is the one that signed it: the provider may have another by now."""


def read_keys(found: Any) -> list[Key]:
    """The keys of a set that verify signatures; what else is among them is left out. Raises
    TokenRefused.
    """
    listed = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(listed, list) or len(listed) > KEYS_MAX:
        raise TokenRefused
    return [key for one in listed if (key := read_key(one)) is not None]


def read_key(found: Any) -> Key | None:
    from joserfc.errors import JoseError  # noqa: PLC0415  # for houses that know a provider
    from joserfc.jwk import import_key  # noqa: PLC0415

    if not isinstance(found, dict) or found.get("kty") not in KINDS:
        return None
    if found.get("use", "sig") != "sig" or "d" in found:
        return None
    if found["kty"] == "RSA" and len(str(found.get("n"))) < MODULUS_LENGTH_MIN:
        return None
    try:
        return import_key(found)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def read_token(text: str, keys: Sequence[Key]) -> dict[str, Any]:
    """The claims of a token that one of the keys signed. Raises KeyUnknown, TokenRefused."""
    from joserfc import jwt  # noqa: PLC0415  # see read_key
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jws import JWSRegistry, extract_compact  # noqa: PLC0415

    if len(text) > TOKEN_LENGTH_MAX:
        raise TokenRefused
    try:
        header = extract_compact(text.encode()).headers()
        algorithm, key_id = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in KIND_OF or "crit" in header:
            raise TokenRefused
        registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        for key in keys_for(keys, algorithm, key_id):
            return jwt.decode(text, key, algorithms=[algorithm], registry=registry).claims
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise TokenRefused from error
    raise KeyUnknown


def keys_for(keys: Sequence[Key], algorithm: str, key_id: Any) -> list[Key]:
    """By its name; without a name the only one of its kind."""
    fitting = [
        key
        for key in keys
        if key.key_type == KIND_OF[algorithm] and key.as_dict().get("alg", algorithm) == algorithm
    ]
    if key_id is None:
        return fitting if len(fitting) == 1 else []
    return [key for key in fitting if key.kid == key_id]
