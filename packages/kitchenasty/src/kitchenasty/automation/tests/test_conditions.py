"""The language of conditions, read and written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.automation.conditions import (
    ALWAYS,
    DEPTH_MAX,
    LENGTH_MAX,
    QUESTIONS_MAX,
    Condition,
    ConditionUnreadable,
    Every,
    Not,
    Operator,
    Question,
    Some,
    Value,
    questions_of,
    read_condition,
    write_condition,
)

A, B, C = (Question(f"order.{name}", Operator.EXISTS) for name in "abc")
WORDS = (
    'order.total|guest.name|and|or|not|(|)|in|,|=|!=|<|<=|>|>=|"a"|5|yes|no|exists|contains|always'
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,6}(\.[a-z][a-z0-9_]{0,6}){1,3}", fullmatch=True)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.text(max_size=20),
    st.booleans(),
    st.decimals(min_value=-10_000, max_value=10_000, places=2),
)
QUESTIONS = st.one_of(
    st.builds(lambda name: Question(name, Operator.EXISTS), NAMES),
    st.builds(
        lambda name, values: Question(name, Operator.IN, tuple(values)),
        NAMES,
        st.lists(VALUES, min_size=1, max_size=3),
    ),
    st.builds(
        lambda name, operator, value: Question(name, operator, (value,)),
        NAMES,
        st.sampled_from([one for one in Operator if one not in (Operator.EXISTS, Operator.IN)]),
        VALUES,
    ),
)


def flat(kind: type[Every | Some], parts: list[Condition]) -> Condition:
    """As a reader makes it: nothing joined alone."""
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


TREES = st.recursive(
    QUESTIONS | st.just(ALWAYS),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: flat(Every, parts), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: flat(Some, parts), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=12,
)


@given(TREES)
def test_what_is_written_is_read_as_the_same(tree: Condition) -> None:
    assert read_condition(write_condition(tree)) == tree


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    at = 0
    try:
        tree = read_condition(text)
    except ConditionUnreadable as refusal:
        at = refusal.details["at"]
    else:
        assert read_condition(write_condition(tree)) == tree
    assert 0 <= at <= len(text)


@given(
    st.lists(
        st.sampled_from(WORDS.split("|")),
        max_size=12,
    )
)
def test_words_of_the_language_in_any_order_are_read_or_refused(words: list[str]) -> None:
    try:
        tree = read_condition(" ".join(words))
    except ConditionUnreadable:
        return
    assert read_condition(write_condition(tree)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", ALWAYS),
        ("  \n", ALWAYS),
        ("always", ALWAYS),
        ("order.a exists", A),
        ("not order.a exists", Not(A)),
        ("not not order.a exists", Not(Not(A))),
        ("(order.a exists)", A),
        ("order.a exists and order.b exists", Every((A, B))),
        ("order.a exists or order.b exists and order.c exists", Some((A, Every((B, C))))),
        ("(order.a exists or order.b exists) and order.c exists", Every((Some((A, B)), C))),
        ("not order.a exists and order.b exists", Every((Not(A), B))),
        ("not (order.a exists and order.b exists)", Not(Every((A, B)))),
        ("order.total > 50", Question("order.total", Operator.MORE, (Decimal(50),))),
        ("order.total>=-12.90", Question("order.total", Operator.AT_LEAST, (Decimal("-12.90"),))),
        ("order.total != 1", Question("order.total", Operator.IS_NOT, (Decimal(1),))),
        ("order.late = yes", Question("order.late", Operator.IS, (True,))),
        ('guest.name = "Anna \\"A\\""', Question("guest.name", Operator.IS, ('Anna "A"',))),
        ('guest.name contains "\\\\"', Question("guest.name", Operator.CONTAINS, ("\\",))),
        ('order.type in ("A", 2)', Question("order.type", Operator.IN, ("A", Decimal(2)))),
        ("order.is_not exists", Question("order.is_not", Operator.EXISTS)),
        ("a.b.c.d exists", Question("a.b.c.d", Operator.EXISTS)),
    ],
)
def test_reads(text: str, tree: Condition) -> None:
    assert read_condition(text) == tree


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("total > 5", 0),
        ("order.total", 11),
        ("order.total >", 13),
        ("order.total > fifty", 14),
        ("order.total 5", 12),
        ("order.total exists exists", 19),
        ("order.total > 5 order.total > 6", 16),
        ("(order.total > 5", 16),
        ("order.total > 5)", 15),
        ("order.type in", 13),
        ("order.type in ()", 15),
        ('order.type in ("a"', 18),
        ('order.type in ("a" "b")', 19),
        ("and order.total > 5", 0),
        ("order.total > 5 and", 19),
        ('guest.name = "open', 13),
        ("guest.name = 'anna'", 13),
        ('guest.name = "\\n"', 13),
        ("order.__class__ exists", 5),
        ("Order.total > 5", 0),
        ("order.total > 5; drop table", 15),
        ("order.total > 1e5", 15),
        ("order.total > 1_000", 15),
        ("order.total == 5", 13),
        ("order.total > 9999999999999999", 14),
        ("order.tötal > 5", 7),
        ("not", 3),
    ],
)
def test_refuses_and_says_where(text: str, at: int) -> None:
    with pytest.raises(ConditionUnreadable) as refused:
        read_condition(text)
    assert refused.value.details["at"] == at


def test_refuses_what_nobody_can_survey() -> None:
    deep = "not " * (DEPTH_MAX + 1) + "order.a exists"
    many = " or ".join(["order.a exists"] * (QUESTIONS_MAX + 1))
    long = " " * (LENGTH_MAX + 1)
    for text in (deep, many, long, "(" * 3_000):
        with pytest.raises(ConditionUnreadable):
            read_condition(text)


def test_reads_what_is_just_within_the_bounds() -> None:
    deep = "not " * DEPTH_MAX + "order.a exists"
    assert write_condition(read_condition(deep)) == deep
    many = " or ".join(["order.a exists"] * QUESTIONS_MAX)
    assert len(questions_of(read_condition(many))) == QUESTIONS_MAX


def test_lists_every_question_from_the_left() -> None:
    tree = read_condition("order.a exists and not (order.b exists or order.c exists)")
    assert questions_of(tree) == [A, B, C]
