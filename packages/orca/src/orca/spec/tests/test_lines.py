"""Every key of a document that TOML accepts is found in its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orca.spec.lines import lines_of
from orca.spec.problems import Path

ODD = '''\
# [comment]
"quoted = key" = 1 # "x"
a.b . 'c d' = """
[not.a.table]
x = 1 \\"""
""""
list = [ # first
  1, "]", # [
  { p = 1, q = "}" },
  [2,
   3]
]
[[service]]
name = 'one'
env = { A = "${secrets.A}", "B" = '#' }
[service.deploy]
x = 1979-05-27T07:32:00Z
[[service.volumes]]
path = \'\'\'
/a\'\'\'\'
[[service]]
name = "two"
[[service.volumes]]
y = 1_000.5e-3
[[service.volumes]]
z = [ ]
[ other . "x.y" ]
last = {}
'''


def paths_in(value: Any, path: Path = ()) -> Iterator[Path]:
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for part, inner in pairs:
        yield (*path, part)
        yield from paths_in(inner, (*path, part))


def test_an_odd_document_is_walked_as_tomllib_reads_it() -> None:
    lines = lines_of(ODD)
    assert set(lines) == set(paths_in(tomllib.loads(ODD)))
    assert lines["quoted = key",] == 2
    assert lines["a", "b", "c d"] == 3
    assert lines["list", 2, "q"] == 9
    assert lines["list", 3, 1] == 11
    assert lines["service", 0, "env", "B"] == 15
    assert lines["service", 0, "volumes", 0, "path"] == 19
    assert lines["service", 1, "volumes", 1, "z"] == 26
    assert lines["other", "x.y", "last"] == 28


SIMPLE = st.sampled_from(["1", "true", '"a # b"', "'c = d'", '"""\n[x]\n"""', "'''\n]\n'''", "0.5"])
ITEMS = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda them: "[\n" + ",\n".join(them) + " ]")
        | st.dictionaries(st.sampled_from("pqr"), inner, max_size=2).map(
            lambda them: "{ " + ", ".join(f"{key} = {value}" for key, value in them.items()) + " }"
        )
    ),
    max_leaves=5,
)
TABLES = st.tuples(
    st.sampled_from(["[[s]]", "[[s.v]]", "[[t]]", "[ s2 ]", "['u.w'.x]"]),
    st.dictionaries(st.sampled_from(["a", '"b c"', "d.e", "f"]), ITEMS, max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TABLES, max_size=6))
def test_whatever_tomllib_reads_has_its_lines(tables: list[tuple[str, dict[str, str]]]) -> None:
    text = ""
    for header, pairs in tables:
        added = header + "\n" + "".join(f"{key} = {value}\n" for key, value in pairs.items())
        try:
            tomllib.loads(text + added)
        except tomllib.TOMLDecodeError:
            continue
        text += added
    lines = lines_of(text)
    assert set(lines) == set(paths_in(tomllib.loads(text)))
    written = text.split("\n")
    for path, line in lines.items():
        if path[-1] == "b c":
            assert '"b c"' in written[line - 1]
