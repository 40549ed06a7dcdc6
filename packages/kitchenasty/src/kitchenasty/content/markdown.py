"""Markdown of the house as HTML that is safe to show: held twice, when written and when made.

The first guard knows no HTML and no links but to pages; the second takes out whatever is not on its
list, should the first ever let something through.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from kitchenasty.content.links import is_safe

TEXTS_KEPT = 64
TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "a", "strong", "em", "s", "ul", "ol", "li", "blockquote",
    "code", "pre", "hr", "br", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


@lru_cache(TEXTS_KEPT)
def to_html(text: str) -> Markup:
    """The text as markup. Its headings begin below that of the page."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.disable("image")  # pictures have their own places, with words for those who see none
    parser.validateLink = is_safe  # type: ignore[assignment,method-assign]  # its hook
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    made = parser.renderer.render(tokens, parser.options, {})
    cleaned = nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(cleaned)  # noqa: S704  # what two guards let through
