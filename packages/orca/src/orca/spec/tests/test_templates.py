"""Secrets in values: the project's own first, filled once, and a missing one is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.kit.secret import Secret
from orca.spec import SecretMissing, bytes_of, fill, milli_of, secrets_in


def filled(template: str, own: dict[str, str], shared: dict[str, str]) -> str:
    given = fill(
        template,
        project="shop",
        of_project={name: Secret(value) for name, value in own.items()},
        of_all={name: Secret(value) for name, value in shared.items()},
    )
    assert repr(given) == "***"
    return str(given)


def test_the_projects_own_secret_comes_before_that_of_all() -> None:
    assert filled("${secrets.A}-${secrets.B}", {"A": "own"}, {"A": "all", "B": "b"}) == "own-b"


def test_a_secret_that_nobody_set_is_named_with_where_one_looked() -> None:
    """The mistake of the reference: an unknown name stays in the value as it is."""
    with pytest.raises(SecretMissing, match="no secret B, neither of the project shop nor of"):
        filled("${secrets.B}", {"A": "1"}, {})


def test_what_a_secret_holds_is_not_read_again() -> None:
    """The mistake of the reference: a secret that contains its own name never ends."""
    assert filled("${secrets.A}", {"A": "${secrets.A}"}, {}) == "${secrets.A}"


def test_two_dollars_stand_for_one() -> None:
    assert filled("$${secrets.A} costs $5", {"A": "x"}, {}) == "${secrets.A} costs $5"
    assert list(secrets_in("$${secrets.A} ${secrets.B}")) == ["B"]


@given(st.text(alphabet="ab$\\ ", max_size=20), st.text(max_size=20))
def test_the_text_around_stays(around: str, value: str) -> None:
    # A dollar right before would belong to the reference.
    around = around.rstrip("$")
    assert filled(f"{around}${{secrets.A}}!", {"A": value}, {}) == f"{around}{value}!"


def test_memory_is_exact_and_never_less_than_was_asked() -> None:
    """The mistake of the reference: 1.5Gi cannot be read, and means no limit."""
    assert bytes_of("1.5Gi") == 3 << 29
    assert bytes_of("0.001Ki") == 2
    assert (milli_of(0.5), milli_of(0.0001)) == (500, 1)
