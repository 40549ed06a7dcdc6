"""What a node may say that a name means."""

from __future__ import annotations

import pytest

from orca.spec import by_digest, may_mean

DIGEST = f"sha256:{'0a' * 32}"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("web", f"web@{DIGEST}"),
        ("web:1", f"web@{DIGEST}"),
        ("reg.example:5000/shop/web:1", f"reg.example:5000/shop/web@{DIGEST}"),
        ("web:1", DIGEST),
    ],
)
def test_a_digest_of_the_same_repository_is_believed(name: str, found: str) -> None:
    assert may_mean(name, found)


@pytest.mark.parametrize(
    "found",
    [
        "", "web", "web:1", f"evil@{DIGEST}", f"evil/web@{DIGEST}", f"web@{DIGEST}\n",
        f"web@{DIGEST}0", f"web@{DIGEST[:-1]}", f"web@{DIGEST.upper()}", f"web:1@{DIGEST}",
        f" web@{DIGEST}", f"x{DIGEST}",
    ],
)  # fmt: skip
def test_nothing_else_is_believed(found: str) -> None:
    assert not may_mean("web:1", found)


def test_a_tag_says_nothing_beside_a_digest() -> None:
    assert by_digest("reg.example:5000/web:1", DIGEST) == f"reg.example:5000/web@{DIGEST}"
