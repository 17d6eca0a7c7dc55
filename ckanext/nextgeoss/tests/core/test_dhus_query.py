"""The query language of DHuS: what it asks of our catalogue, and what it cannot."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.dhus_names import NAMES
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.search.dhus_query import dhus_query, dhus_search
from ckanext.nextgeoss.search.query import solr_parameters
from ckanext.nextgeoss.tests.core.strategies import footprints, modest

PROPERTIES = load_properties()
NOW = datetime(2024, 3, 31, 12, 30, tzinfo=timezone.utc)
SERIES = tuple(f"sentinel-2{unit}" for unit in ("", "a", "b", "c", "d", "p"))
BOX = "POLYGON((0 40,20 40,20 60,0 60,0 40))"
AREA = Footprint.from_wkt(BOX)


def asked(text: str) -> Query:
    return dhus_query(text, PROPERTIES, NOW)


def time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def conditions(*told: tuple[str, str, Any]) -> Query:
    return Query(conditions=tuple(Condition(*each) for each in told))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("*", Query()),
        ("*:*", Query()),
        ("fire Portugal", Query(words="fire Portugal")),
        ('"burnt area" fire', Query(words='"burnt area" fire')),
        ("fire OR flood", Query(any_words=("fire", "flood"))),
        ("Greece AND (fire OR (flood dam))", Query(words="Greece", any_words=("fire", "flood dam"))),
        ("fire || flood", Query(any_words=("fire", "flood"))),
        ("fire && +flood", Query(words="fire flood")),
        (r"a\:b", Query(words="a:b")),
        ("platformname:Sentinel-2", conditions(("platform", "in", SERIES))),
        ('platformserialidentifier:"Sentinel-2A"', conditions(("platform", "in", ("sentinel-2a",)))),
        ("PlatformName:LANDSAT_8", conditions(("platform", "=", "landsat-8"))),
        ("producttype:S2MSI1C", conditions(("product_type", "=", "S2MSI1C"))),
        ("producttype:(SLC OR GRD)", conditions(("product_type", "in", ("SLC", "GRD")))),
        ("(relativeorbitnumber:7 OR relativeorbitnumber:8)", conditions(("relative_orbit", "in", (7, 8)))),
        ("orbitdirection:ASCENDING", conditions(("orbit_state", "=", "ascending"))),
        ("sensoroperationalmode:IW", conditions(("instrument_mode", "=", "IW"))),
        (
            'polarisationmode:"VV VH"',
            conditions(("polarizations", "=", "VV"), ("polarizations", "=", "VH")),
        ),
        ("cloudcoverpercentage:[0 TO 30]", conditions(("cloud_cover", "between", (0.0, 30.0)))),
        ('cloudcoverpercentage:["0" TO "30"]', conditions(("cloud_cover", "between", (0.0, 30.0)))),
        ("cloudcoverpercentage:[* TO 30}", conditions(("cloud_cover", "<", 30.0))),
        ("orbitnumber:{5 TO 9]", conditions(("absolute_orbit", ">", 5), ("absolute_orbit", "<=", 9))),
        ("NOT orbitnumber:[5 TO *]", conditions(("absolute_orbit", "<", 5))),
        ("-orbitdirection:ascending", conditions(("orbit_state", "!=", "ascending"))),
        (
            "!producttype:(A OR B)",
            conditions(("product_type", "!=", "A"), ("product_type", "!=", "B")),
        ),
        ("identifier:S2A_X", conditions(("id", "=", "S2A_X"))),
        ("filename:S2A_X.SAFE", conditions(("id", "=", "S2A_X"))),
        ("filename:S2A_*_T33UWP_*", conditions(("id", "like", "S2A_*_T33UWP_*"))),
        (r"identifier:S2?_\*", conditions(("id", "like", r"S2?_\*"))),
        ("S2A_*", conditions(("id", "like", "S2A_*"))),
        ("platformname:Sentinel-2*", conditions(("platform", "like", "sentinel-2*"))),
        ("title:[* TO *]", conditions(("title", "like", "*"))),
        ("uuid:1a2b", Query(ids=("1a2b",))),
        ("uuid:1a2b OR uuid:3c", Query(ids=("1a2b", "3c"))),
        ("collection:(a OR b)", Query(collections=("a", "b"))),
        ("ingestiondate:[* TO NOW]", conditions(("metadata_created", "<=", NOW))),
        (
            "beginposition:[NOW-1MONTH TO NOW/DAY]",
            conditions(("start", "between", (time("2024-02-29T12:30"), time("2024-03-31")))),
        ),
        (
            "endPosition:[2024-01-31T00:00:00.000Z-1YEAR+1DAY TO 2024-01-31]",
            conditions(("end", "between", (time("2023-02-01"), time("2024-01-31T23:59:59.999999")))),
        ),
        ("beginposition:2024-01-31T10:00:00Z", conditions(("start", "=", time("2024-01-31T10:00")))),
        (f'footprint:"Intersects({BOX})"', Query(footprint=AREA)),
        (f'footprint:"Contains({BOX})"', Query(footprint=AREA, relation="contains")),
        (f'footprint:"iswithin({BOX})"', Query(footprint=AREA, relation="within")),
        (f'NOT footprint:"Intersects({BOX})"', Query(footprint=AREA, relation="disjoint")),
        ('footprint:"Intersects(41.9, 12.5)"', Query(footprint=Footprint.from_wkt("POINT(12.5 41.9)"))),
        (
            'footprint:"Intersects(POINT(1 2))" OR footprint:"Intersects(POINT(3 4))"',
            Query(footprint=Footprint.from_wkt("MULTIPOINT(1 2, 3 4)")),
        ),
    ],
)
def test_what_is_asked(text: str, query: Query) -> None:
    assert asked(text) == query
    solr_parameters(asked(text), PROPERTIES)


def test_the_form_of_the_hubs_own_pages() -> None:
    """Everything in parentheses with blanks inside them, mission by mission."""
    found = asked(
        f'( footprint:"Intersects({BOX})" ) AND ( beginPosition:[2020-01-01T00:00:00.000Z TO '
        "2020-12-31T23:59:59.999Z] ) AND ( (platformname:Sentinel-2 AND filename:S2A_* AND "
        "cloudcoverpercentage:[0 TO 10]))"
    )
    assert [each.property for each in found.conditions] == ["start", "platform", "id", "cloud_cover"]
    assert found.footprint == AREA


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nosuchfield:3", "q: 'nosuchfield' is not allowed; expected one of the fields acquisitiontype"),
        ("cloudcoverpercentage:many", "cloudcoverpercentage: 'many'"),
        ("cloudcoverpercentage:[0 TO 300]", "cloudcoverpercentage: '300' is not allowed; expected a number"),
        ("cloudcoverpercentage:[0]", "cloudcoverpercentage: '[0]' is not allowed; expected a range such as"),
        ("cloudcoverpercentage:[* TO *]", "a range with at least one end"),
        ("cloudcoverpercentage:3*", "cloudcoverpercentage: '3*'"),
        ("[0 TO 3]", "a field before a range"),
        ("beginposition:[YESTERDAY TO NOW]", "beginposition: 'YESTERDAY'"),
        ("beginposition:[NOW-999999YEARS TO NOW]", "beginposition: 'NOW-999999YEARS'"),
        ("footprint:Intersects", "footprint: 'Intersects'"),
        ('footprint:"Crosses(POINT(1 2))"', "footprint: 'Crosses(POINT(1 2))'"),
        ('footprint:"Intersects(POLYGON((1 200, 2 3)))"', "footprint:"),
        ('footprint:"Intersects(POINT EMPTY)"', "footprint:"),
        ("producttype:SLC OR platformname:Sentinel-1", "OR between values of one field"),
        ("producttype:SLC OR fire", "OR between values of one field"),
        ("(a OR b) (c OR d)", "one OR between words in a query"),
        (
            'footprint:"Intersects(POINT(1 2))" footprint:"Intersects(POINT(3 4))"',
            "one footprint in a query",
        ),
        ("uuid:a uuid:b", "uuid and collection once each"),
        ("uuid:a*", "uuid: 'a*'"),
        ("NOT fire", "NOT before a value"),
        ("NOT (producttype:a orbitnumber:1)", "NOT before a value"),
        ("NOT cloudcoverpercentage:[1 TO 2]", "NOT before a value"),
        ("fire~", "without likeness"),
        ("producttype:SLC^2", "without likeness"),
        ("/fire/", "without likeness"),
        ('"fire flood"~3', "without likeness"),
        ("(fire", "a parenthesis that is closed"),
        ("fire)", "parentheses, brackets and quotes are closed"),
        ('"fire', "a term"),
        ("AND fire", "a term on each side of AND and OR"),
        ("fire OR", "a term"),
        ("platformname:", "a value for platformname"),
        ("(" * 100 + "a" + ")" * 100, "at most 40 parentheses"),
        ("a " * 20_000, "at most 20000 characters"),
        ("link:http", "q: 'link'"),
    ],
)
def test_what_cannot_be_asked_is_told(text: str, told: str) -> None:
    with pytest.raises(BadValue) as error:
        asked(text)
    assert told in str(error.value)


def test_rows_start_and_order() -> None:
    found = dhus_search(
        {
            "q": "fire",
            "rows": "100",
            "start": "200",
            "orderby": "cloudcoverpercentage asc,beginposition desc",
        },
        PROPERTIES,
        NOW,
    )
    assert (found.words, found.limit, found.offset) == ("fire", 100, 200)
    assert found.sort == (("cloud_cover", "asc"), ("start", "desc"))
    found = dhus_search({}, PROPERTIES, NOW)
    assert (found.limit, found.offset, found.sort) == (10, 0, (("metadata_created", "desc"),))
    assert dhus_search({"orderby": "uuid"}, PROPERTIES, NOW).sort == (("id", "asc"),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rows", "-1"),
        ("rows", "1001"),
        ("start", "x"),
        ("start", "99999999999"),
        ("orderby", "beginposition up"),
        ("orderby", "nothing asc"),
    ],
)
def test_a_bad_page_is_told(name: str, value: str) -> None:
    with pytest.raises(BadValue):
        dhus_search({name: value}, PROPERTIES, NOW)


@modest
@given(
    st.lists(
        st.sampled_from(
            [*"()[]{}\"'\\:*?~^+-!/ ", " AND ", " OR ", "NOT ", "&&", " TO ", "NOW", "-7DAYS", "Intersects("]
            + [f"{name}:" for name in (*NAMES, "uuid", "collection", "x")]
        )
        | st.text(max_size=4),
        max_size=25,
    ).map("".join)
)
def test_any_text_is_a_query_or_told(text: str) -> None:
    """And what is a query is one that Solr's parameters can be made of."""
    try:
        found = dhus_search({"q": text}, PROPERTIES, NOW)
    except BadValue:
        return
    solr_parameters(found, PROPERTIES)


@modest
@given(footprints(), st.sampled_from(["Intersects", "Contains", "IsWithin"]))
def test_any_area_can_be_asked(area: Footprint, relation: str) -> None:
    found = asked(f'footprint:"{relation}({area.wkt})"')
    assert found.footprint == Footprint.from_wkt(area.wkt)
