"""Description documents: their limits (OS-01 to OS-07), their parameters, what products have now."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.nextgeoss.eo.formats.opensearch_description import (
    Description,
    Parameter,
    Template,
    shortened,
    write,
)
from ckanext.nextgeoss.eo.formats.opensearch_feed import NAMESPACES
from ckanext.nextgeoss.eo.temporal import parse_time
from ckanext.nextgeoss.harvesters.protocols.description import read_description
from ckanext.nextgeoss.http import Response
from ckanext.nextgeoss.search.domains import Domain
from ckanext.nextgeoss.search.opensearch_offers import offers
from ckanext.nextgeoss.search.opensearch_parameters import COLLECTIONS, PRODUCTS
from ckanext.nextgeoss.tests.core.strategies import ROWS, modest

OS = "{http://a9.com/-/spec/opensearch/1.1/}"
PLAIN = Description(
    short_name="A hub with a very long name",
    long_name="A hub",
    description="What <it> & others have",
    address="https://hub.example/osdd.xml?osdd=a&b=c",
    relation="results",
    templates=(Template("application/atom+xml", "https://hub.example/search.atom?parentIdentifier=a"),),
    parameters=(
        Parameter(name="bbox", value="geo:box", pattern="^.*$", title="A box"),
        Parameter(name="cloudCover", value="eo:cloudCover", minimum="0", maximum="100"),
        Parameter(name="platform", value="eo:platform", options=(("a", "A"), ("b&", "B"))),
    ),
    examples=({"geo:box": "0,0,1,1"},),
)
DOMAINS = {
    "cloud_cover": Domain(count=3, minimum=0.5, maximum=80.0),
    "absolute_orbit": Domain(count=3, minimum=7, maximum=9),
    "start": Domain(count=3, minimum=parse_time("2020-01-01"), maximum=parse_time("2021-01-01")),
    "end": Domain(count=3, minimum=parse_time("2020-01-02"), maximum=parse_time("2021-01-02")),
    "orbit_state": Domain(count=3, values=(("ascending", 2), ("descending", 1))),
    "platform": Domain(count=3, values=(("sentinel-2a", 3),)),
    "collection": Domain(count=3, values=(("sentinel-2-l1c", 3),)),
    # of many values, and values that no request can name
    "grid_code": Domain(count=3),
    "keywords": Domain(count=3, values=(("land, ice", 1), ("flood", 2))),
    "is_output": Domain(count=1, values=(("true", 1),)),
}


def document(description: Description) -> Any:
    return etree.fromstring(write(description))


def offered(level: str = PRODUCTS, collection: str = "") -> dict[str, Parameter]:
    title = {("platform", "sentinel-2a"): "Sentinel-2A"}
    found = offers(ROWS, DOMAINS, level, collection, lambda name, value: title.get((name, value), ""))
    return {each.value: each for each in found}


def test_os_01_elements_and_their_lengths() -> None:
    root = document(PLAIN)
    assert root.tag == f"{OS}OpenSearchDescription"
    assert root.findtext(f"{OS}ShortName") == "A hub with a"
    assert root.findtext(f"{OS}Description") == "What <it> & others have"


def test_os_03_what_has_no_value_is_left_out() -> None:
    root = document(replace(PLAIN, tags=(), attribution="", image=""))
    for name in ("Tags", "Attribution", "Image", "Contact"):
        assert root.find(f"{OS}{name}") is None
    assert all((element.text or "").strip() or len(element) or element.attrib for element in root)


def test_os_07_the_document_says_where_it_is() -> None:
    (url,) = document(PLAIN).findall(f"{OS}Url[@rel='self']")
    assert url.get("template") == PLAIN.address
    assert url.get("type") == "application/opensearchdescription+xml"


def test_px_08_every_placeholder_has_a_parameter_and_a_namespace() -> None:
    root = document(PLAIN)
    (url,) = root.findall(f"{OS}Url[@rel='results']")
    holes = re.findall(r"\{([^}?]+)\??\}", url.get("template"))
    assert holes == ["geo:box", "eo:cloudCover", "eo:platform"]
    assert [each.get("value") for each in url] == [f"{{{hole}}}" for hole in holes]
    assert NAMESPACES.items() <= {key: value for key, value in root.nsmap.items() if key}.items()


def test_a_document_is_read_as_it_was_written() -> None:
    answer = Response(url=PLAIN.address, status=200, headers={}, body=write(PLAIN))
    search = read_description(answer).results()
    assert search.holes == {"geo:box", "eo:cloudCover", "eo:platform"}
    assert search.parameters["eo:platform"].options == ("a", "b&")
    assert (search.index_offset, search.page_offset) == (1, 1)


@modest
@given(st.text(max_size=200), st.integers(1, 60))
def test_texts_are_cut_and_never_split_a_line(text: str, most: int) -> None:
    cut = shortened(text, most)
    assert len(cut) <= most
    assert " ".join(text.split()).startswith(cut)


def test_eo_02_what_no_product_has_is_not_offered() -> None:
    found = offered()
    assert "eo:snowCover" not in found and "eo:cloudCover" in found


def test_eo_05_numbers_have_patterns_and_limits_and_words_have_options() -> None:
    found = offered()
    clouds = found["eo:cloudCover"]
    assert (clouds.minimum, clouds.maximum) == ("0.5", "80")
    assert re.fullmatch(clouds.pattern, "[0.5,20[") and not re.fullmatch(clouds.pattern, "much")
    assert re.fullmatch(found["eo:orbitNumber"].pattern, "{7,9}")
    assert found["eo:orbitDirection"].options == (("ASCENDING", "ASCENDING"), ("DESCENDING", "DESCENDING"))
    assert found["eo:platform"].options == (("sentinel-2a", "Sentinel-2A"),)
    assert found["nextgeoss:is_output"].options == (("true", "true"),)


def test_px_07_times_are_those_of_what_is_held() -> None:
    found = offered()
    assert (found["time:start"].minimum, found["time:start"].maximum) == (
        "2020-01-01T00:00:00Z",
        "2021-01-01T00:00:00Z",
    )
    assert found["time:end"].maximum == "2021-01-02T00:00:00Z"
    assert re.fullmatch(found["time:start"].pattern, found["time:start"].minimum)


def test_an_option_that_no_request_can_name_is_none() -> None:
    assert offered()["eo:keyword"].options == (("flood", "flood"),)
    assert offered()["nextgeoss:grid_code"].options == ()


def test_bp_002c_geometries_and_words_have_profiles() -> None:
    found = offered()
    addresses = [address for address, _ in found["geo:geometry"].profiles]
    assert "http://www.opengis.net/wkt/POLYGON" in addresses
    assert found["searchTerms"].profiles


def test_the_collection_of_a_document_is_fixed() -> None:
    assert "eo:parentIdentifier" in offered()
    assert "eo:parentIdentifier" not in offered(collection="sentinel-2-l1c")


def test_collections_are_asked_what_is_said_of_collections() -> None:
    found = offered(COLLECTIONS)
    assert "eo:platform" in found and "eo:cloudCover" not in found
    assert {"searchTerms", "geo:box", "geo:uid", "time:start", "time:end", "count"} <= found.keys()


def test_eo_01_every_eo_name_is_one_of_13_026() -> None:
    names = [row.opensearch for row in ROWS.values() if row.opensearch]
    assert len(set(names)) == len(names)
    assert all(name.startswith("eo:") for name in names)
