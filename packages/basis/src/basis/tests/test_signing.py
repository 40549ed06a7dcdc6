"""Secrets that are made anew instead of being kept."""

from hypothesis import given
from hypothesis import strategies as st

from basis.signing import derive

WORDS = st.text(max_size=30)


def test_is_the_first_20_bytes_of_the_keyed_hash() -> None:
    made = derive("key", purpose="order capability", subject="1")
    assert made == "uVJzF993nTpaWW9keiVtf47ZWbU"
    assert len(made) == 27


@given(WORDS, WORDS, WORDS)
def test_gives_the_same_every_time(secret: str, purpose: str, subject: str) -> None:
    first = derive(secret, purpose=purpose, subject=subject)
    assert first == derive(secret, purpose=purpose, subject=subject)


@given(WORDS, WORDS, WORDS, WORDS)
def test_one_purpose_cannot_pass_for_another(a: str, b: str, c: str, d: str) -> None:
    if (a, b) != (c, d):
        assert derive("key", purpose=a, subject=b) != derive("key", purpose=c, subject=d)


def test_another_secret_gives_another_capability() -> None:
    first = derive("one", purpose="order capability", subject="1")
    assert first != derive("two", purpose="order capability", subject="1")
