"""Filters in CQL2: what they mean, what is refused, and that no text ends the process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.cql2 import Vocabulary, read_cql2
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.filter import Alike, And, Condition, Filter, Listed, Missing, Not, Or, Span
from ckanext.nextgeoss.eo.folding import fold
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.search.folded import folded
from ckanext.nextgeoss.search.folded_order import folded_before
from ckanext.nextgeoss.search.query import solr_parameters
from ckanext.nextgeoss.search.terms import term
from ckanext.nextgeoss.tests.cql2_filters import WORDS, some_filter
from ckanext.nextgeoss.tests.cql2_texts import as_text

PROPERTIES = load_properties()
NAMES = Vocabulary(row_of=lambda name: term(name, PROPERTIES))


def read(text: str) -> Filter:
    return read_cql2(text, "cql2-text", NAMES)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("cloud_cover < 10", Condition("cloud_cover", "<", 10)),
        ("10 > cloud_cover", Condition("cloud_cover", "<", 10)),
        ("absolute_orbit < 5.5", Condition("absolute_orbit", "<=", 5)),
        ("absolute_orbit = 5.5", Condition("absolute_orbit", "in", ())),
        ("mission IN ('a', 'b', 'a')", Condition("mission", "in", ("a", "b"))),
        ("mission LIKE 'a%_*'", Condition("mission", "like", "a*?\\*")),
        ("mission IS NOT NULL", Not(Missing("mission"))),
        ("geometry IS NULL", Missing("geometry")),
        ("is_output", Condition("is_output", "=", True)),
        ("1 = 1", And(())),
        ("2 + 3 < 4", Or(())),
        ("CASEI(mission) = CASEI('Straße')", Alike("mission", "=", ("strasse",))),
        ("ACCENTI(CASEI(mission)) = 'x'", Alike("mission", "=", ("x",), True, True)),
        ("A_CONTAINS(keywords, ( ))", Listed("keywords", "contains", ())),
        ("A_EQUALS((), keywords)", Listed("keywords", "equals", ())),
        (
            "A_EQUALS(keywords, ('nothing')) OR A_EQUALS(keywords,())",
            Or((Listed("keywords", "equals", ("nothing",)), Listed("keywords", "equals", ()))),
        ),
        ("mission = ',()'", Condition("mission", "=", ",()")),
        ("(cloud_cover < 10) = FALSE", Not(Condition("cloud_cover", "<", 10))),
        ("CASEI(mission) < CASEI('X')", Alike("mission", "<", ("x",))),
        ("ACCENTI(mission) > 'x'", Not(Alike("mission", "<=", ("x",), False, True))),
        (
            "CASEI(mission) BETWEEN 'a' AND 'x'",
            And((Not(Alike("mission", "<", ("a",))), Alike("mission", "<=", ("x",)))),
        ),
    ],
)
def test_what_a_text_means(text: str, tree: Filter) -> None:
    assert read(text) == tree


def test_an_interval_is_compared_by_its_ends() -> None:
    found = read("T_AFTER(DATE('2024-05-01'), datetime)")
    assert isinstance(found, Span)
    assert (found.relation, found.time.isoformat()) == (
        "before", "2024-05-01T00:00:00Z/2024-05-01T23:59:59.999999Z",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("weather = 'x'", "'weather' is not allowed"),
        ("cloud_cover = 'x'", "'x' is not allowed; expected a number"),
        ("S_TOUCHES(geometry, POINT(1 2))", "one of S_INTERSECTS"),
        ("S_INTERSECT(geometry, POINT(1 2))", "did you mean s_intersects?"),
        ("cloud_cover + 1 < 2", "properties are not computed with"),
        ("keywords = 'x'", "A_CONTAINS"),
        ("mission = ", "CQL2 Text; it cannot be read at line 1"),
        ("start > TIMESTAMP('2024-13-01T00:00:00Z')", "RFC 3339"),
        ("cloud_cover = 1e999", "64 bits"),
        ("CASEI(mission) < 5", "a text to compare mission with"),
        (f"CASEI(mission) < '{'x' * 501}'", "at most 500 letters"),
        (f"ACCENTI(mission) = '{'x' * 501}'", "at most 500 letters"),
        (f"mission LIKE '{'x%' * 251}'", "at most 500 letters"),
        ("S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(1 2, 3 4)))", "all areas, all lines"),
    ],
)
def test_what_is_refused_is_named(text: str, told: str) -> None:
    with pytest.raises(BadValue, match=re.escape(told)) as error:
        read(text)
    assert error.value.where == "filter"


@pytest.mark.parametrize("count", [1_000, 100_000])
@pytest.mark.parametrize(
    "made",
    [
        "'(' * n + '1=1' + ')' * n", "'NOT ' * n + '1=1'", "'NOT (' * n + '1=1' + ')' * n",
        "'cloud_cover = ' + '-' * n + '1'", "'cloud_cover = ' + '1+' * n + '1'", "'1=1 AND ' * n + '1=1'",
        "'1=1 OR NOT ' * n + '1=1'", "'cloud_cover = ' + '2^' * n + '1'",
        "'CASEI(' * n + 'mission' + ')' * n + '=1'",
        "'cloud_cover' + '=1' * n", "'1' + ' div 1' * n + '=1'", "')' * n + '(' * n",
        "'1=1' + ' OR 1=(1 AND 1)' * n", "'1' + '=(1 AND 1)' * n",
    ],
)  # fmt: skip
def test_no_text_ends_the_process(made: str, count: int) -> None:
    """On a small stack, as a thread of a server has one."""
    program = f"""
import threading
from ckanext.nextgeoss.eo.cql2_text import json_of_text
from ckanext.nextgeoss.eo.errors import BadValue
n = {count}
def run():
    try:
        json_of_text({made})
    except BadValue:
        pass
    print("lives")
threading.stack_size(1 << 20)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "lives\n", done.stderr[-500:]


@given(st.text() | st.text(alphabet="()'\"=<>, ANDORNTcloudver1%_"))
def test_junk_is_refused_as_such(text: str) -> None:
    try:
        read(text)
    except BadValue as error:
        assert error.where == "filter"


_OPERATORS = ("and", "not", "=", "in", "like", "isNull", "t_after", "s_within", "a_equals", "+", "casei")
_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3) | st.just({"property": "mission"}),
    lambda inner: st.lists(inner, max_size=3)
    | st.fixed_dictionaries(
        {"op": st.sampled_from(_OPERATORS),
         "args": st.lists(inner, max_size=3) | inner}
    ),
)  # fmt: skip


@given(_json)
def test_any_json_is_read_or_refused(asked: Any) -> None:
    try:
        tree = read_cql2(asked, "cql2-json", NAMES)
    except BadValue as error:
        assert error.where == "filter"
    else:
        solr_parameters(Query(filter=tree), PROPERTIES)


@pytest.mark.parametrize("seed", range(50))
def test_random_filters_are_written_for_solr(seed: int) -> None:
    tree = read_cql2(json.dumps(some_filter(Random(seed))), "cql2-json", NAMES)
    assert solr_parameters(Query(filter=tree), PROPERTIES)["fq"] is not None


def test_a_filter_is_bounded() -> None:
    asked = f"cloud_cover IN ({','.join(map(str, range(501)))})"
    with pytest.raises(BadValue, match="501 conditions and values"):
        solr_parameters(Query(filter=read(asked)), PROPERTIES)


# letters are gathered once, which takes longer than an example may
@settings(deadline=None)
@given(st.sampled_from(WORDS), st.sampled_from(WORDS), st.booleans(), st.booleans())
def test_expressions_find_what_folds_to_the_same(text: str, other: str, case: bool, accents: bool) -> None:
    value = fold(other, case=case, accents=accents)
    # the expressions of Lucene are those of Python as far as we use them
    found = re.compile(folded([value], case=case, accents=accents)[1:-1], re.S)
    assert bool(found.fullmatch(text)) == (fold(text, case=case, accents=accents) == value)


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(["ACCENTI(mission) = 'abcdefgh'"] * 20),
        " AND ".join(["ACCENTI(mission) < 'abcdefgh'"] * 20),
        f"ACCENTI(mission) = '{'abcdefghij' * 20}'", f"CASEI(mission) < '{'é' * 500}'",
        "CASEI(mission) LIKE '%a____________b%'", "mission LIKE '%a______________b%'",
        f"mission LIKE '{'%a_b_c_' * 60}'", f"CASEI(mission) = '{'ss' * 100}'",
    ],
)  # fmt: skip
def test_what_is_too_much_work_for_solr_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match=r"filter: .*(fewer|shorter)"):
        solr_parameters(Query(filter=read(text)), PROPERTIES)


# letters that fold to several, or others to them, and their neighbours
_letters = st.text(st.sampled_from("aAbsSßzſéÉe\u0301İiıŉʼnﬁfi*/]^-\\ Z가𐐀𐐨\U0010ffff"), max_size=5)


@settings(deadline=None)
@given(_letters, _letters, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_expressions_find_what_folds_to_what_comes_before(
    text: str, other: str, as_folded: bool, same: bool, case: bool, accents: bool
) -> None:
    value = fold(other, case=case, accents=accents) if as_folded else other
    own = fold(text, case=case, accents=accents)
    written = folded_before(value, case=case, accents=accents, same=same)
    found = bool(re.compile(written[1:-1], re.S).fullmatch(text)) if written else False
    assert found == (own < value or (same and own == value))


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_text_and_json_are_read_as_the_same(random: Random) -> None:
    asked = some_filter(random)
    text = as_text(asked, random)
    found = [_read_or_refused(each, lang) for each, lang in ((text, "cql2-text"), (asked, "cql2-json"))]
    assert found[0] == found[1], text


def _read_or_refused(asked: Any, lang: str) -> Filter | str:
    try:
        return read_cql2(asked, lang, NAMES)
    except BadValue:
        return "refused"


@pytest.mark.parametrize(
    "text",
    [
        "T_OVERLAPS(datetime, INTERVAL('2024-05-01', '2024-05-02'))", "cloud_cover < snow_cover",
        "A_EQUALS(keywords, ('a', 'b', 'c'))", "mission = 'a'", "start IS NULL", "CASEI(mission) < 'a'",
        "S_WITHIN(geometry, BBOX(0, 0, 1, 1))", "mission IN ('a', 'b', 'c')",
        "A_OVERLAPS(keywords, ('a', 'b'))",
    ],
)  # fmt: skip
def test_no_more_clauses_are_written_than_solr_takes(text: str) -> None:
    """Which are 1024, unless somebody sets them otherwise."""
    leaf, clauses = Not(read(text)), 0
    for number in range(10, 510, 10):
        try:
            (found,) = solr_parameters(Query(filter=Or((leaf,) * number)), PROPERTIES)["fq"]
        except BadValue as error:
            assert "conditions and values" in error.reason
            break
        plain = re.sub(r'"(?:[^"\\]|\\.)*"', "Q", found)
        clauses = len(re.findall(r"[a-z]:(?!\()|\*:\*|\(Q|OR Q|\{!frange", plain))
        assert clauses >= number
    assert 300 < clauses <= 1024
