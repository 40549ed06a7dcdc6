"""Markdown becomes pages, and nothing in it becomes anything that runs or leads astray (X1)."""

from __future__ import annotations

import re

import pytest

from kitchenasty import content

DANGER = re.compile(
    r"<(?!/?(?:h[2-6]|p|a|strong|em|s|ul|ol|li|blockquote|code|pre|hr|br|table|thead|tbody|tr|th|td)"
    r"[\s>/])|<[^>]*\s(?:on\w+|style|src|id|class)\s*=|<a[^>]*href=\"(?!https?://|/|#|mailto:|tel:)",
    re.IGNORECASE,
)
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java%0ascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    '[x](https://a.example "onmouseover=alert(1) ")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<style>*{color:red}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=javascript:alert(1)><button>x",
    "<base href=//evil.example>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script\\>alert(1)",
    "[<script>alert(1)</script>](https://a.example)",
    '<a\nhref="javascript:alert(1)">x</a>',
    "[x](https://a.example){onclick=alert(1)}",
)


def test_what_is_written_is_shown() -> None:
    shown = content.to_html(
        "# Who we are\n\nWe are **Rye**, at [our place](/at/mill-lane).\n\n- one\n- two\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    for part in (
        "<h2>Who we are</h2>",
        "<strong>Rye</strong>",
        'href="/at/mill-lane"',
        "<li>one</li>",
        "<td>1</td>",
    ):
        assert part in shown, part


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_becomes_markup(attack: str) -> None:
    for text in (attack, f"before {attack} after", f"> {attack}", f"- {attack}"):
        found = DANGER.search(content.to_html(text))
        assert found is None, found


def test_the_check_sees_what_is_dangerous() -> None:
    for markup in ("<script>x</script>", '<p onclick="x">', '<a href="javascript:x">', "<img>"):
        assert DANGER.search(markup), markup
