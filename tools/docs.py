"""Writes the pages of docs/ that come from the code, so that they cannot tell an older story.

`make docs` writes them. Pages made here begin with a line that says so.
"""

import ast
import configparser
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from litestar.handlers import HTTPRouteHandler

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from kitchenasty.kit.books import open_books
from kitchenasty.kit.config import Config, load_config
from kitchenasty.kit.http.access import handlers_of
from kitchenasty.main import VOCABULARY, create_app
from kitchenasty.webhooks import describe
from orca.spec import schema_text
from swarmhaul.tools import TOOLS
from tools.orca_commands import commands_page
from tools.setting_rows import settings_page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "developers"
OPERATORS = ROOT / "docs" / "operators"
SLICES = ROOT / "packages" / "kitchenasty" / "src" / "kitchenasty"
MADE = "<!-- Made from the code by `make docs`; edit the code instead. -->"
DOORS = ("routes", "pages", "subscriptions", "jobs", "cli", "sockets", "live")
LINKED = re.compile(r"\{(\w+):\w+\}")


def main() -> None:
    pages = make_pages()
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    print(f"Written: {', '.join(str(path.relative_to(ROOT)) for path in pages)}")


def make_pages() -> dict[Path, str]:
    return {
        DOCS / "slices.md": slices_page(),
        DOCS / "routes.md": routes_page(),
        DOCS / "webhook-topics.md": topics_page(),
        DOCS / "mcp-tools.md": tools_page(),
        OPERATORS / "settings.md": settings_page(MADE),
        OPERATORS / "orca" / "commands.md": commands_page(MADE),
        OPERATORS / "orca" / "cluster.schema.json": schema_text("cluster"),
        OPERATORS / "orca" / "service.schema.json": schema_text("service"),
    }


def tools_page() -> str:
    """Every tool of SwarmHaul, with what it takes."""
    rows = [
        f"| `{tool.name}` | {', '.join(f'`{name}`' for name in tool.takes.__struct_fields__)} "
        f"| {tool.changes or 'nothing'} | {tool.words} |"
        for tool in TOOLS.values()
    ]
    return "\n".join(
        [
            MADE,
            "# Tools of SwarmHaul",
            "",
            "What [programs that think](mcp.md) may use. `GET /mcp/tools` gives the schemas.",
            "",
            "| tool | takes | changes | what it is for |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def slices_page() -> str:
    """Every slice in the order of the layers, with what its own first lines say."""
    rows = [
        f"| `{name}` | {first_sentence(SLICES / name)} | {', '.join(doors_of(SLICES / name))} |"
        for name in layers()
        if (SLICES / name).is_dir()
    ]
    return "\n".join(
        [
            "# Slices",
            "",
            MADE,
            "",
            "From the top down: each may import those below it, by their front door.",
            "",
            "| slice | what it is for | doors |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def layers() -> Iterator[str]:
    """The names in the contract "Slices call down", highest first."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    listed = contracts["importlinter:contract:kitchenasty-slices"]["layers"]
    yield from (word.strip("()") for word in listed.replace("|", " ").split())


def first_sentence(folder: Path) -> str:
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")


def doors_of(folder: Path) -> list[str]:
    if folder.name == "kit":
        return []  # its modules of these names are the plumbing of doors
    return [name for name in DOORS if list(folder.glob(f"{name}.py")) or (folder / name).is_dir()]


def topics_page() -> str:
    """What webhooks tell, topic by topic, with every fact."""
    parts = [
        "# What webhooks tell",
        "",
        MADE,
        "",
        "The facts are what stands in `data`. How they are sent is in [webhooks.md](webhooks.md).",
        "",
    ]
    for topic in VOCABULARY.values():
        parts += [
            f"## `{topic.name}`",
            "",
            f"{topic.words}. Version {topic.version}.",
            "",
            "| fact | type | |",
            "|---|---|---|",
            *(f"| `{name}` | {kind} | {words} |" for name, kind, words in describe(topic)),
            "",
        ]
    return "\n".join(parts)


def routes_page() -> str:
    """Every route, who may use it, and what it does."""
    return "\n".join(
        [
            "# Routes",
            "",
            MADE,
            "",
            "`PUBLIC` doors may look at who asks; a capability opens one order only.",
            "",
            "| method | path | access | |",
            "|---|---|---|---|",
            *sorted(set(route_rows()), key=lambda row: (row.split("|")[2:], row)),
            "",
        ]
    )


def route_rows() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        config: Config = load_config({}, data_dir=Path(folder))
        app = create_app(
            config, open_books(open_database(config.database_url), system_clock, config.secret_key)
        )
    for route, handler in handlers_of(app):
        assert isinstance(handler, HTTPRouteHandler)
        methods = ", ".join(sorted(handler.http_methods - {"HEAD", "OPTIONS"}))
        path = LINKED.sub(r"{\1}", route.path_format)
        told = (handler.fn.__doc__ or "").split("\n\n")[0].split()
        if methods and not path.startswith("/api/openapi/"):
            yield f"| {methods} | `{path}` | {who_of(handler)} | {' '.join(told)} |"


def who_of(handler: HTTPRouteHandler) -> str:
    """Who may use a door, as the table of routes says it."""
    every = ", works in every house" if handler.opt.get("every_house") else ""
    return f"{handler.opt['access']}{every}"


if __name__ == "__main__":
    main()
