"""The table of the office's settings: what each does, where it is read, what proves it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import kitchenasty
from kitchenasty import settings
from kitchenasty.dashboard import CHAPTERS
from kitchenasty.kit.config import PREFIX

CODE = Path(str(kitchenasty.__file__)).parent
TEST = "test_a_setting_changes_what_it_says"
FORMS = ("payment_pages", "schemas")
"""Modules that carry a setting to and fro, and do nothing by it."""

NOT_OFFERED = """\
## At a terminal

`kitchenasty settings list` shows all of them, `get KEY` one, and `set KEY=VALUE ...` changes
some, all or none. The value of a secret is read from standard input, a line for each `KEY`
without one: `kitchenasty settings set mail.smtpHost=smtp.example mail.smtpUser=u
mail.smtpPass`. `set --default KEY` forgets what was saved. Every change is in the audit log.

## Not offered

Settings that clients of the contract know and this product does not have, because each would
contradict something better:

| setting | instead |
|---|---|
| `general.currencySymbol` | Each language writes a currency its own way: `€12.90`, `12,90 €`. |
| `general.currencyPosition` | The same. |
| `general.googleMapsApiKey` | `maps.tileUrl` and `maps.key`: no script from elsewhere. |

Programs may send them; they are left alone.
"""
"""What is not made from the code, at the end of the page."""


def settings_page(made: str) -> str:
    """Every setting, group by group."""
    lines = [
        "# Settings of the office",
        "",
        made,
        "",
        "What is saved at `/admin/settings` counts first, then the variable of the environment,",
        "then what is built in. The last column is the case of the test",
        f"`{TEST}` (`tests/test_switches.py` of the package): it asks the",
        "house twice, with two values, and fails when an answer is not the one of its value.",
        "",
    ]
    for chapter in CHAPTERS:
        lines += [
            f"## {chapter.title}",
            "",
            f"{chapter.about} At `{chapter.page}`.",
            "",
            "| setting | what it does | built in | variable | read in | test case |",
            "|---|---|---|---|---|---|",
            *(row_of(chapter.group, field) for field in chapter.group.fields),
            "",
        ]
    return "\n".join([*lines, NOT_OFFERED])


def row_of(group: settings.Group, field: settings.Field) -> str:
    words = f"{field.label}. {field.hint}".strip().removesuffix(".").replace("|", "\\|")
    default = "" if field.default in (None, (), "") else settings.write_value(field.default)
    variable = f"`{PREFIX}{field.environment}`" if field.environment else ""
    readers = ", ".join(f"`{name}`" for name in readers_of(field.name))
    key = group.key(field)
    return f"| `{key}` | {words}. | {default} | {variable} | {readers} | `{key}` |"


def readers_of(name: str) -> list[str]:
    """The modules that name the setting otherwise than to declare it."""
    return [
        path.relative_to(CODE).with_suffix("").as_posix().replace("/", ".")
        for path in sorted(CODE.rglob("*.py"))
        if "tests" not in path.parts and path.stem not in FORMS
        if f'"{name}"' in (text := path.read_text(encoding="utf-8")) and is_read_in(text, name)
    ]


def is_read_in(text: str, name: str) -> bool:
    tree = ast.parse(text)
    declared = set(declarations_in(tree))
    return any(
        isinstance(node, ast.Constant) and node.value == name and node not in declared
        for node in ast.walk(tree)
    )


def declarations_in(tree: ast.AST) -> Iterator[ast.expr]:
    """What stands after `name=`."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            yield from (keyword.value for keyword in call.keywords if keyword.arg == "name")
