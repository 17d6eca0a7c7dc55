"""Written feeds are judged by the schemas of OpenSearch Geo and Time (OGC 10-032)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.atom_write import write_page
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent, parse_time
from ckanext.nextgeoss.tests.core.strategies import modest, products
from ckanext.nextgeoss.tests.shared import standards

SCHEMAS = ("schemas/osatom.rng", "schemas/atomgeo.rng", "schemas/atomtime.rng", "tests/result-atom.rng")
RNG = "{http://relaxng.org/ns/structure/1.0}"
ADDRESS = "https://hub.example/search.atom?a=1&b=2"
# the schema of georss has no geometry of several parts or with holes, though CEOS recommends one; that of
# dc:date has no open ends, though the text of the standard has
_SIMPLE = ("Point", "LineString", "Polygon")


@cache
def schema(name: str) -> Any:
    grammar = flat(standards() / "opensearch" / "ogc-10-032r8-rng" / name)
    merge(grammar, "atomFeedConstruct")
    merge(grammar, "atomEntryConstruct")
    return etree.RelaxNG(grammar)


def flat(path: Path) -> Any:
    """A grammar with what it includes put in its place: libxml2 does not find definitions to replace further
    than one inclusion away."""
    grammar = etree.parse(path).getroot()
    for include in grammar.findall(f"{RNG}include"):
        inner = flat(path.parent / include.get("href"))
        replaced = {define.get("name") for define in include.iterfind(f"{RNG}define")}
        for define in [define for define in inner.iter(f"{RNG}define") if define.get("name") in replaced]:
            define.getparent().remove(define)
        inner.tag = include.tag = f"{RNG}div"
        del include.attrib["href"]
        include.addprevious(inner)
    return grammar


def merge(grammar: Any, name: str) -> None:
    """Puts what definitions add to the first one into its list of elements in any order: libxml2 loses its
    way where such lists are in one another."""
    defines = [define for define in grammar.iter(f"{RNG}define") if define.get("name") == name]
    (whole,) = (define.find(f"{RNG}interleave") for define in defines if define.get("combine") is None)
    for define in defines:
        if define.get("combine") == "interleave":
            inner = define.find(f"{RNG}interleave")
            whole.extend(list(define if inner is None else inner))
            define.getparent().remove(define)


def judged(document: Any) -> list[str]:
    """What the schemas refuse."""
    found: list[str] = []
    for name in SCHEMAS:
        if not schema(name).validate(document):
            found.append(f"{name}: {schema(name).error_log.last_error}")
    return found


def is_plain(product: Product) -> bool:
    if bool(product.time.start) != bool(product.time.end):
        return False
    geometry: dict[str, Any] = product.footprint.geojson if product.footprint else {"type": "Point"}
    return geometry["type"] in _SIMPLE and (
        geometry["type"] != "Polygon" or len(geometry["coordinates"]) == 1
    )


def documents(folder: Path) -> Iterator[tuple[str, Any]]:
    for name in ("feed_safe.xml", "feed_invalid.xml"):
        yield name, etree.parse(folder / name)


def test_the_judge_knows_a_good_feed_from_a_bad_one() -> None:
    found = {name: judged(document) for name, document in documents(standards() / "opensearch" / "handmade")}
    assert found["feed_safe.xml"] == []
    assert found["feed_invalid.xml"]


@modest
@given(st.lists(products().filter(is_plain), max_size=3))
def test_written_feeds_are_valid(found: list[Product]) -> None:
    page = Page(tuple(found), 9, "https://hub.example/search.atom?page=2")
    assert judged(etree.fromstring(write_page(page, address=ADDRESS, updated=parse_time("2020-01-01")))) == []
    assert judged(etree.fromstring(write_page(Page(tuple(found))))) == []


@modest
@given(products())
def test_every_entry_has_content_and_at_most_one_place(product: Product) -> None:
    (entry,) = etree.fromstring(write_page(Page((product,)))).findall("{*}entry")
    assert len(entry.findall("{http://www.w3.org/2005/Atom}content")) == 1
    assert len(entry.findall("{http://www.georss.org/georss}*")) == (1 if product.footprint else 0)


@pytest.mark.parametrize(
    ("wkt", "time", "refused"),
    [
        (
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
            "2020-01-01T00:00:00Z",
            "schemas/atomgeo.rng",
        ),
        ("POINT(1 1)", "2020-01-01T00:00:00Z/..", "schemas/atomtime.rng"),
        ("POINT(1 1)", "../2020-01-01T00:00:00Z", "schemas/atomtime.rng"),
    ],
)
def test_only_several_parts_and_open_ends_are_refused(wkt: str, time: str, refused: str) -> None:
    place, extent = Footprint.from_wkt(wkt), TemporalExtent.parse(time)
    document = write_page(Page((Product(id="a", collection="c", footprint=place, time=extent),)))
    found = judged(etree.fromstring(document))
    assert [fault.split(":")[0] for fault in found] == [refused]
