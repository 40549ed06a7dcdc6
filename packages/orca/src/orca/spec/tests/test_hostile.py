"""Files that somebody else wrote: links, sizes, depths and nonsense are refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orca.spec import Code, SpecRefused, load_project, read_project
from orca.spec.tests.builders import CLUSTER, WEB, problems

SERVICE = "services/shop/service.toml"


def folder(root: Path, **files: str) -> Path:
    (root / "services" / "shop").mkdir(parents=True)
    (root / "cluster.toml").write_bytes(CLUSTER)
    for name, text in files.items():
        (root / name).write_text(text)
    return root


def refusals(root: Path) -> list[Code]:
    with pytest.raises(SpecRefused) as refused:
        load_project(root)
    return [each.code for each in refused.value.problems]


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    root = folder(tmp_path / "a", **{SERVICE: WEB})
    assert list(load_project(root).services) == ["shop/web"]


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text(WEB)
    root = folder(tmp_path / "a")
    (root / SERVICE).symlink_to(tmp_path / "secret.toml")
    assert refusals(root) == [Code.FILE_OUTSIDE]


def test_a_linked_folder_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "service.toml").write_text(WEB)
    root = folder(tmp_path / "a")
    (root / "services" / "other").symlink_to(tmp_path / "elsewhere")
    assert refusals(root) == [Code.FILE_OUTSIDE]


STRAYS = [
    "cluster.tml", "Cluster.toml", "clusters.toml", "service.toml", "services.toml",
    "services/shop.toml", "services/shop/services.toml", "services/shop/Service.toml",
    "services/shop/cluster.toml", "services/shop/api/service.toml", "service/shop/service.toml",
]  # fmt: skip


@pytest.mark.parametrize("name", STRAYS)
def test_a_file_that_looks_as_if_it_were_read_and_is_not_is_named(
    tmp_path: Path, name: str
) -> None:
    """In silence its services would be missing, and a deploy of all removes what is missing."""
    root = folder(tmp_path / "a", **{SERVICE: WEB})
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(WEB)
    with pytest.raises(SpecRefused) as refused:
        load_project(root)
    assert [(each.code, each.file) for each in refused.value.problems] == [(Code.FILE_UNREAD, name)]


def test_what_is_near_a_missing_file_is_named_with_it(tmp_path: Path) -> None:
    root = folder(tmp_path / "a", **{SERVICE: WEB})
    (root / "cluster.toml").rename(root / "cluster.tml")
    assert {*refusals(root)} == {Code.FILE_MISSING, Code.FILE_UNREAD}


def test_what_lies_beside_and_is_no_file_of_a_project_disturbs_nobody(tmp_path: Path) -> None:
    """Sources, copies that editors leave, and what images are built from."""
    built = '[[service]]\nname = "api"\nbuild = { context = "src" }\n'
    root = folder(tmp_path / "a", **{SERVICE: WEB + built})
    for name in (
        "README.md", "pyproject.toml", "cluster.toml~", "cluster.toml.bak", ".cluster.toml.swp",
        "services/shop/service.toml.orig", "services/shop/Dockerfile", "services/README.md",
        "services/shop/src/service.toml", "docs/services.toml", "services/shop/poetry.toml",
    ):  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    assert list(load_project(root).services) == ["shop/api", "shop/web"]


@pytest.mark.parametrize(
    "name", ["services/shop.toml", "notes.txt", "services/a/b/service.toml", ""]
)
def test_a_file_that_was_sent_and_that_nothing_reads_is_refused_by_name(name: str) -> None:
    files = {"cluster.toml": CLUSTER, SERVICE: WEB.encode(), name: b""}
    with pytest.raises(SpecRefused) as refused:
        read_project(files)
    assert [(each.code, each.file) for each in refused.value.problems] == [(Code.FILE_UNREAD, name)]


def test_a_project_may_itself_be_a_link(tmp_path: Path) -> None:
    folder(tmp_path / "a", **{SERVICE: WEB})
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert list(load_project(tmp_path / "b").services) == ["shop/web"]


def test_without_a_cluster_it_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(SpecRefused, match=r"cluster\.toml:1: There is no cluster\.toml"):
        load_project(tmp_path)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    root = folder(tmp_path / "a")
    (root / SERVICE).mkdir()
    assert refusals(root) == [Code.FILE_UNREADABLE]


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    root = folder(tmp_path / "a")
    with (root / SERVICE).open("wb") as file:
        file.truncate(1 << 40)
    assert refusals(root) == [Code.FILE_TOO_LARGE]


def test_what_is_no_text_is_refused_with_its_line() -> None:
    with pytest.raises(SpecRefused) as refused:
        read_project({"cluster.toml": CLUSTER, SERVICE: b"a = 1\nb = '\xff'\n"})
    [problem] = refused.value.problems
    assert (problem.code, problem.line) == (Code.FILE_UNREADABLE, 2)


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 9_000, "a = " + "[" * 9_000 + "]" * 9_000, "a = " + "{b = " * 9_000, "a =", "=",
     "a = 1\na = 2", "[a]\n[a]", "a = 'x", "\x00", "[[service]]\nname"],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_toml_is_refused(text: str) -> None:
    [problem] = problems(text)
    assert problem.code is Code.TOML


def test_more_files_than_anybody_writes_are_refused() -> None:
    others = {f"p{index}": WEB for index in range(201)}
    assert Code.TOO_MANY in {each.code for each in problems(others=others)}


@pytest.mark.parametrize(
    ("context", "code"),
    [("..", Code.PATH_OUTSIDE), ("a/../../b", Code.PATH_OUTSIDE), ("a/../b", Code.PATH_OUTSIDE),
     ("/etc", Code.MALFORMED), ("-x", Code.MALFORMED), ("a\\\\..", Code.MALFORMED),
     ("", Code.MALFORMED)],
)  # fmt: skip
def test_nothing_is_built_outside_the_project(context: str, code: Code) -> None:
    """D27: in the reference a name becomes a path, and a path may begin with a hyphen."""
    text = f'[[service]]\nname = "web"\nbuild = {{ context = "{context}" }}\n'
    [problem] = problems(text)
    assert problem.code is code


def test_an_endless_text_is_shown_in_short() -> None:
    [problem] = problems(WEB + f'network = "{"x" * 9_000}"\n')
    assert len(str(problem)) < 300


def test_of_a_thousand_mistakes_a_hundred_are_said_and_the_rest_counted() -> None:
    text = WEB + "".join(f"k{number} = 1\n" for number in range(1_000))
    with pytest.raises(SpecRefused, match=r"And 900 more of the kind\.$") as refused:
        read_project({"cluster.toml": CLUSTER, SERVICE: text.encode()})
    assert len(refused.value.problems) == 1_000
    assert str(refused.value).count("\n") == 100


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_makes_it_fall(raw: bytes) -> None:
    with pytest.raises(SpecRefused) as refused:
        read_project({"cluster.toml": raw, SERVICE: raw})
    assert all(each.line >= 1 and each.words for each in refused.value.problems)


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 99_999) | st.sampled_from(["'x'", "''", "'/a'", "1.5", "nan"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda them: f"[{', '.join(map(toml, them))}]"),
    max_leaves=4,
)
KEYS = st.sampled_from(
    ["port", "image", "replicas", "domain", "routes", "env", "env.A", "resources", "resources.gpu",
     "volumes", "deploy.max_surge", "health", "build", "command", "depends_on", "placement.labels",
     "readiness.path", "x"]
)  # fmt: skip


def toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(KEYS, VALUES), max_size=8))
def test_whatever_stands_beside_a_key_is_taken_or_refused(pairs: list[tuple[str, object]]) -> None:
    lines = "".join(f"{key} = {toml(value)}\n" for key, value in pairs)
    assert all(each.line >= 1 for each in problems(f'[[service]]\nname = "web"\n{lines}'))
