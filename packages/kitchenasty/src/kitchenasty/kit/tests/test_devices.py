from __future__ import annotations

import pytest

from kitchenasty.kit.identity.devices import name_device


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/150.0 Safari/537.36 Edg/150.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/150.0 Mobile Safari/537.36", "Chrome, Android"),
        ("python-httpx/0.28", "python-httpx/0.28"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_device_is_named_as_people_know_it(told: str | None, name: str) -> None:
    assert name_device(told) == name
