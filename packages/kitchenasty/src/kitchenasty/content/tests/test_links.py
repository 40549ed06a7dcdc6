"""Links of owners lead to pages: of this site, or of another by http(s)."""

from __future__ import annotations

import pytest

from kitchenasty import content


@pytest.mark.parametrize(
    "link",
    [
        "", "/", "/locations", "/at/mill-lane?q=soup#top", "#houses", "https://example.org/a?b=c",
        "http://example.org", "mailto:a@b.example", "tel:+49 30 1234",
    ],
)  # fmt: skip
def test_a_link_to_a_page_is_kept(link: str) -> None:
    assert content.checked_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>", "vbscript:x", "file:///etc/passwd", "//evil.example",
        "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://", "http://a@evil.example",
        "ftp://example.org", "/a b", "https://exa mple.org", "https://[::1", "x", "/" + "a" * 400,
        "mailto:a@b?x=<script>",
    ],
)  # fmt: skip
def test_a_link_to_anything_else_is_refused(link: str) -> None:
    with pytest.raises(content.LinkRefused):
        content.checked_link(link)
