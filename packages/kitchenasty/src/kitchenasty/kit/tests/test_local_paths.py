from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.kit.http.local_paths import is_local_path, local_path

OWN_CORPUS = [
    f"{lead}{host}{tail}"
    for lead in ("//", "///", "////", "/\\", "/\\/", "/%5c", "/%2f", "/%252f", "/%09/", "/\t/",
                 "/.//", "/x/..//", "https://", "/https://", "http:", "//https:///", "/\n/")
    for host in ("google.com", "good.example@google.com", "google%E3%80%82com", "2130706433")
    for tail in ("", "/", "/%2f..", "/%2f%2e%2e")
]  # fmt: skip


def corpus() -> list[str]:
    """The published list where it is at hand, and always our own."""
    folder = os.environ.get("CORPORA")
    if folder is None:
        return OWN_CORPUS
    return OWN_CORPUS + (Path(folder) / "open-redirect.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/admin",
        "/admin/orders?state=late&page=2",
        "/t/Ab-3_x",
        "/admin?q=caf%C3%A9",
    ],
)
def test_goes_to_pages_of_this_site(path: str) -> None:
    assert local_path(path, otherwise="/admin") == path


@pytest.mark.parametrize(
    "path",
    ["", "admin", "//evil.example", "/\\evil.example", "/\t/evil.example", "/%2fevil.example",
     "/%252f%252fevil.example", "/%5cevil.example", "https://evil.example", "javascript:alert(1)",
     "/a\r\nset-cookie: x=y", "/%0d%0aset-cookie:x", "/" + "a" * 600, "///evil.example"],
)  # fmt: skip
def test_goes_nowhere_else(path: str) -> None:
    assert local_path(path, otherwise="/admin") == "/admin"


def test_the_corpus_of_open_redirects_leads_nowhere() -> None:
    """Every line that passes must stay on this host when a browser resolves it."""
    lines = corpus()
    passed = [line for line in lines if is_local_path(line)]
    print(
        f"open redirects: {len(lines)} tried, {len(passed)} accepted as local: {passed}"
    )  # the counter of the promise
    assert len(lines) >= 200
    assert all(line.startswith("/") and line[1:2] not in "/\\" for line in passed)
    assert not any("google.com" in line for line in passed)


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    assert local_path("/" + text, otherwise="/x").startswith("/")
