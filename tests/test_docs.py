"""The docs: what they point at exists, and what they list is complete."""

import re
from pathlib import Path

import pytest

from kitchenasty.kit import config
from tools.docs import make_pages

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changelog.d/*.md")]
)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\((?!https?:)([^)\s]+)\)")
PICTURE_BYTES_MIN = 2_000
COMMAND = re.compile(r"^(?:    |\$ )?make ([a-z-]+)", re.MULTILINE)
DECISIONS = ROOT / "docs" / "adr"


def anchors_of(page: Path) -> set[str]:
    """The headings of a page, spelled as links to them are."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading).strip().lower() for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor[1:] not in anchors_of(target)):
            broken.append(path + anchor)
    assert broken == []


def test_pictures_that_the_docs_show_are_there_and_described() -> None:
    """`make screenshots` takes them again; none is left over that no page shows."""
    shown = {
        (page.parent / path).resolve(): words
        for page in PAGES
        for words, path in PICTURE.findall(page.read_text(encoding="utf-8"))
    }
    assert shown
    for picture, words in shown.items():
        assert words, f"{picture} has no words for those who do not see it"
        assert picture.stat().st_size >= PICTURE_BYTES_MIN, picture
    assert set((ROOT / "docs" / "users" / "pictures").iterdir()) == set(shown)


def test_every_command_that_the_docs_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {name for page in PAGES for name in COMMAND.findall(page.read_text(encoding="utf-8"))}
    assert named - targets == set()


def test_every_decision_is_in_the_list_and_fits_on_a_page() -> None:
    listed = (DECISIONS / "README.md").read_text(encoding="utf-8")
    for page in DECISIONS.glob("0*.md"):
        assert page.name in listed
        assert len(page.read_text(encoding="utf-8").split()) <= 600, page.name


def test_every_setting_is_explained() -> None:
    page = (ROOT / "docs" / "operators" / "configuration.md").read_text(encoding="utf-8")
    explained = set(re.findall(rf"^\| `{config.PREFIX}([A-Z_]+)`", page, re.MULTILINE))
    assert explained == config.KNOWN | config.PROVIDER_KEYS


def test_code_points_at_decisions_that_exist() -> None:
    written = {page.name[:4] for page in DECISIONS.glob("0*.md")}
    named = {
        number
        for path in ROOT.glob("packages/**/*.py")
        for number in re.findall(r"docs/adr/(\d{4})", path.read_text(encoding="utf-8"))
    }
    assert named - written == set()


def test_pages_made_from_the_code_are_current() -> None:
    """`make docs` writes them again."""
    old = [str(page) for page, text in make_pages().items() if page.read_text("utf-8") != text]
    assert old == []


def test_every_slice_is_on_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    [drawn] = re.findall(r"^```\n(cli \|.*?)```", text, re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"\w+", "".join(line[:30] for line in drawn.splitlines(keepends=True))))
    product = ROOT / "packages" / "kitchenasty" / "src" / "kitchenasty"
    there = {folder.parent.name for folder in product.glob("*/__init__.py")}
    assert there - {"migrations", "tests"} == named - {"main"}
