"""Collects every word that people see, and brings the catalogues up to date: `make words`.

Words are found where they stand: `_()` and `{% trans %}` in templates; `translate`, `word` and
`Sentence.of` in code; the sentence of every refusal that a page can show, wherever it is made;
and tables of words.
What is translated stays, what is new is empty, what is gone goes.
"""

import ast
import builtins
import importlib
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import basis.kit
import kitchenasty
from basis.errors import DomainError
from kitchenasty import menu
from kitchenasty.dashboard import order_filters, order_pages, shell
from kitchenasty.kit.http import i18n
from kitchenasty.orders.states import OrderStatus, words
from kitchenasty.storefront.views import MARKS

CODE = Path(str(kitchenasty.__file__)).parent
BENEATH = Path(str(basis.kit.__file__)).parent
"""What stands below the slices refuses things too."""
TEMPLATES = "**/templates/**.html"
OPTIONS = {"newstyle_gettext": "true", "trimmed": "true"}
MARKERS = frozenset({"translate", "word", "of"})
# Refusals of these are answers to programs: they stand in no page.
# Errors of these classes are mistakes of ours, or are told to whoever starts the server.
BUGS = frozenset(dir(builtins)) | {"ClickException", "UsageError", "ConfigRefused"}
PROGRAMS = ("routes.py", "schemas.py", "wire.py", "schema.py", "paging.py", "answers.py")
UNSEEN = ("demo", "cli", "migrations", "tests", "media", "live", "signing")
UNSEEN_FILES = (
    "cli.py",
    "main.py",
    "kit/testing.py",
    "testing.py",
    "data/idempotency.py",
)

Message = str | tuple[str, ...]


def main() -> None:
    found = list(collect())
    for locale in i18n.available()[1:]:
        path = i18n.catalogue_of(locale)
        path.write_bytes(renew(path, found))
        print(f"Written: {path.relative_to(CODE)}, {len(untranslated(path))} without words")


def collect() -> Iterator[Message]:
    """Every message, singular or (singular, plural), in the order of the files."""
    yield from in_templates()
    for folder in (CODE, BENEATH):
        for path in sorted(folder.rglob("*.py")):
            if not set(path.relative_to(folder).parts) & set(UNSEEN):
                yield from in_code(path, folder)
    yield from in_tables()


def in_templates() -> Iterator[Message]:
    rules = [(TEMPLATES, "jinja2")]
    for folder in (CODE, BENEATH):
        for _, _, message, _, _ in extract_from_dir(folder, rules, {TEMPLATES: OPTIONS}):
            yield message


def in_code(path: Path, folder: Path) -> Iterator[str]:
    is_seen = (
        not path.name.endswith(PROGRAMS) and path.relative_to(folder).as_posix() not in UNSEEN_FILES
    )
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and name_of(node.func) in MARKERS:
            yield from first_text(node)
        elif is_seen:
            yield from first_text(refusal_in(node))


def refusal_in(node: ast.AST) -> ast.Call | None:
    """`raise Refused("…")`, a refusal that is made here and raised elsewhere, or
    `super().__init__("…")` in the class of one.
    """
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return None if name_of(node.exc.func) in BUGS else node.exc
    if isinstance(node, ast.Call) and name_of(node.func) in {"__init__", *refusals()}:
        return node
    return None


@cache
def refusals() -> frozenset[str]:
    """The names of all classes of refusals."""
    importlib.import_module("kitchenasty.main")
    found, todo = set(), [DomainError]
    while todo:
        one = todo.pop()
        found.add(one.__name__)
        todo += one.__subclasses__()
    return frozenset(found)


def name_of(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def first_text(call: ast.Call | None) -> Iterator[str]:
    """The first argument, if it is text; both halves of `this if so else that`."""
    given = call.args[:1] if call else []
    if given and isinstance(given[0], ast.IfExp):
        given = [given[0].body, given[0].orelse]
    for argument in given:
        if (
            isinstance(argument, ast.Constant)
            and isinstance(argument.value, str)
            and argument.value
        ):
            yield argument.value


def in_tables() -> Iterator[str]:
    yield from menu.ALLERGEN_NAMES.values()
    yield from (words for words, _ in MARKS.values())
    yield from order_filters.STATE_LABELS.values()
    yield from order_pages.MOVE_LABELS.values()
    yield from order_pages.PAYMENT_WORDS.values()
    yield from shell.ROLE_LABELS.values()
    yield from (words(status) for status in OrderStatus)
    for area in (shell.NOW, *shell.AREAS):
        yield from (area.label, *(place.label for place in area.places))


def renew(path: Path, found: Iterable[Message]) -> bytes:
    """The catalogue with these messages and the words it had for them."""
    with path.open("rb") as written:
        old = read_po(written)
    fresh = Catalog(locale=old.locale, project="KitchenAsty", version="1", charset="utf-8")
    for message in found:
        key = message[0] if isinstance(message, tuple) else message
        known = old.get(key)
        fresh.add(message, known.string if known is not None else None)
    fresh.creation_date = fresh.revision_date = old.creation_date
    written_again = BytesIO()
    write_po(written_again, fresh, width=100, sort_output=True, omit_header=False)
    return written_again.getvalue()


def untranslated(path: Path) -> list[str]:
    with path.open("rb") as written:
        catalogue = read_po(written)
    return [str(message.id) for message in catalogue if message.id and not all_said(message.string)]


def all_said(said: str | Iterable[str] | None) -> bool:
    return bool(said) if said is None or isinstance(said, str) else all(said)


if __name__ == "__main__":
    main()
