"""Keys and base58: one spelling each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.kit.signing import KeyUnreadable, SigningKey, base58, is_key, read_key
from basis.kit.signing.keys import is_signed_by

# RFC 8032, section 7.1, tests 1 and 2: seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_signs_as_the_standard_does(seed: str, public: str, message: str, signature: str) -> None:
    key = SigningKey.of_seed(bytes.fromhex(seed))
    assert read_key(key.public) == bytes.fromhex(public)
    signed = key.sign(bytes.fromhex(message))
    assert base58.decode(signed) == bytes.fromhex(signature)
    assert is_signed_by(key.public, bytes.fromhex(message), signed)
    assert not is_signed_by(key.public, bytes.fromhex(message) + b"!", signed)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (b"The quick brown fox jumps over the lazy dog.",
         "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    ],
)  # fmt: skip
def test_writes_base58_as_its_draft_does(raw: bytes, text: str) -> None:
    """The vectors of draft-msporny-base58."""
    assert base58.encode(raw) == text
    assert base58.decode(text) == raw


@given(st.binary(max_size=64))
def test_what_is_written_is_read_again(raw: bytes) -> None:
    assert base58.decode(base58.encode(raw)) == raw


@given(st.text(alphabet=base58.ALPHABET, max_size=90))
def test_bytes_have_one_spelling(text: str) -> None:
    assert base58.encode(base58.decode(text)) == text


def test_wallets_read_and_write_the_same() -> None:
    """The system program's key is 32 zeros, written as 32 ones."""
    assert read_key("1" * 32) == bytes(32)


@pytest.mark.parametrize("text", ["", "1", "0OIl", "1" * 31, "1" * 33, "z" * 44, "z" * 500, "ä"])
def test_refuses_what_is_no_key(text: str) -> None:
    assert not is_key(text)
    with pytest.raises(KeyUnreadable):
        read_key(text)


def test_a_key_pair_does_not_show_its_secret() -> None:
    key = SigningKey.new()
    assert key.public in repr(key)
    assert key.seed.hex() not in repr(key)
    assert SigningKey.of_seed(key.seed).public == key.public
