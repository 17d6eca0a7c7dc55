"""OpenSearch description documents: templates by qualified names, and what is done where none can be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.protocols.description import Description, read_description
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.http import Response
from ckanext.nextgeoss.tests.shared import provider_samples

SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
URIS = {
    "geo": [
        "http://a9.com/-/opensearch/extensions/geo/1.0/",
        "http://a9.com/-/spec/opensearch/extensions/geo/1.0/",
    ],
    "time": [
        "http://a9.com/-/opensearch/extensions/time/1.0/",
        "https://a9.com/-/opensearch/extensions/time/1.0/",
    ],
    "eo": [
        "http://a9.com/-/opensearch/extensions/eo/1.0/",
        "http://a9.com/-/spec/opensearch/extensions/eo/1.0/",
    ],
}
ATOM, GEOJSON = "application/atom+xml", "application/geo+json"


def document(*urls: str, namespaces: str = "") -> Description:
    """A description with these Url elements."""
    body = f'<OpenSearchDescription xmlns="{SEARCH}" {namespaces}>{"".join(urls)}</OpenSearchDescription>'
    return read_description(Response(200, {}, body.encode(), "https://x.example/osdd.xml"))


def url(template: str, media_type: str = ATOM, more: str = "", inside: str = "") -> str:
    """A Url element."""
    return f'<Url type="{media_type}" {more} template="{template.replace("&", "&amp;")}">{inside}</Url>'


def provider(**said: object) -> Provider:
    """A provider that says nothing of its own."""
    about = {"title": "X", "organization": "x", "profile": "opensearch", "url": "https://x.example"}
    return provider_from_mapping("x", about | said, "x")


_PREFIX = st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True).filter(lambda p: not p.startswith("xml"))


@given(st.data())
def test_names_by_namespace(data: st.DataObject):
    """Whatever the prefixes are, and in whichever namespace of an extension."""
    prefixes = data.draw(st.lists(_PREFIX, min_size=4, max_size=4, unique=True))
    kinds = ["geo", "time", "eo"]
    declared = dict(zip(kinds, prefixes, strict=False))
    namespaces = " ".join(
        f'xmlns:{declared[kind]}="{data.draw(st.sampled_from(URIS[kind]))}"' for kind in kinds
    )
    namespaces += f' xmlns:{prefixes[3]}="{SEARCH}"'
    template = (
        f"https://x.example/s?b={{{declared['geo']}:box?}}&s={{{declared['time']}:start?}}"
        f"&c={{{declared['eo']}:parentIdentifier}}&n={{{prefixes[3]}:count?}}&i={{startIndex?}}"
    )
    found = document(url(template), namespaces=namespaces).results()
    assert found.holes == {"geo:box", "time:start", "eo:parentIdentifier", "count", "startIndex"}


def test_prefixes_that_mean_something_else():
    """`geo` for another extension is not geo; undeclared it is; one of its own keeps its name."""
    odd = 'xmlns:geo="http://a9.com/-/opensearch/extensions/time/1.0/" xmlns:my="http://x.example/"'
    found = document(
        url("https://x.example/?a={geo:start?}&b={my:box?}&c={eo:parentIdentifier?}"), namespaces=odd
    )
    assert found.results().holes == {"time:start", "my:box", "eo:parentIdentifier"}


def test_best_answers_first():
    """GeoJSON before Atom before RSS; of equals, that with more to ask; never pages for people."""
    html, suggestions = (
        url("https://x.example/h", "text/html"),
        url("https://x.example/s", "application/x-suggestions+json"),
    )
    rss, atom = url("https://x.example/r?c={count?}", "application/rss+xml"), url("https://x.example/a")
    atom_more = url(
        "https://x.example/b?c={count?}&amp;s={geo:box?}".replace("&amp;", "&"), f"{ATOM};profile=x"
    )
    json = url("https://x.example/j", GEOJSON)
    assert document(html, suggestions, rss).results().template.startswith("https://x.example/r")
    assert document(rss, atom, atom_more).results().template.startswith("https://x.example/b")
    assert document(html, rss, atom, json, suggestions).results().template == "https://x.example/j"


def test_products_and_collections():
    """Each by its relation; without one it is for results."""
    both = document(url("https://x.example/c", more='rel="collection"'), url("https://x.example/r"))
    assert both.results().template == "https://x.example/r"
    assert (found := both.collections()) is not None
    assert found.template == "https://x.example/c"
    assert document(url("https://x.example/r")).collections() is None
    several = document(url("https://x.example/r", more='rel="results collection"'))
    assert several.collections() == several.results()


@pytest.mark.parametrize(
    ("urls", "words"),
    [
        ([], "it has: no template at all"),
        ([url("https://x.example/h", "text/html")], "it has: results as text/html"),
        ([url("https://x.example/c", more='rel="collection"')], "it has: collection as application/atom+xml"),
        ([url("https://x.example/?a={my:secret}")], "must be given my:secret"),
        ([url("")], "no template at all"),
    ],
)
def test_no_usable_template(urls: list[str], words: str):
    with pytest.raises(BadAnswer) as caught:
        document(*urls).results()
    assert words in str(caught.value)
    assert str(caught.value).startswith("https://x.example/osdd.xml: ")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html/>", "HTML"),
        (b"<feed/>", "not an OpenSearch description document but feed"),
        (b"{}", "but dict"),
        (b"", "empty"),
        (b"<OpenSearchDescription", "cut short"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><OpenSearchDescription/>', "DTD"),
    ],
)
def test_no_description(body: bytes, words: str):
    with pytest.raises(BadAnswer, match=words):
        read_description(Response(200, {}, body, "https://x.example/osdd.xml"))


def test_what_may_be_left_out():
    """Words and paging may be, whatever marks say; language and encoding have their defaults."""
    said = "https://x.example/?q={searchTerms}&n={count}&l={language}&e={inputEncoding?}&i={startIndex}"
    found = document(url(said)).results()
    request = protocol("opensearch").first_request(found.of(provider(description_document="/d")), Query())
    assert dict(request.params) == {"n": "100", "l": "*", "e": "UTF-8", "i": "1"}


@pytest.mark.parametrize(
    ("more", "inside", "first"),
    [
        ("", "", "1"),
        ('indexOffset="0"', "", "0"),
        ('indexOffset="many"', "", "1"),
        ("", '<p:Parameter xmlns:p="x" name="i" value="{startIndex}" minInclusive="0"/>', "0"),
        ('indexOffset="1"', '<p:Parameter xmlns:p="x" name="i" value="{startIndex}" minInclusive="0"/>', "1"),
    ],
)
def test_where_counting_begins(more: str, inside: str, first: str):
    found = document(
        url("https://x.example/?i={startIndex?}&p={startPage?}", more=more, inside=inside)
    ).results()
    request = protocol("opensearch").first_request(found.of(provider(description_document="/d")), Query())
    assert dict(request.params) == {"i": first}  # and not the page too


def test_pages_are_counted_where_products_are_not():
    found = document(
        url("https://x.example/?p={startPage?}", more='pageOffset="0" indexOffset="7"')
    ).results()
    assert found.of(provider()).first == 0


def test_bounds_of_parameters():
    """No more products are asked for than a service gives, and options are told."""
    inside = (
        '<p:Parameter xmlns:p="x" name="n" value="{count}" maxInclusive="50" pattern="[0-9]+"/>'
        '<p:Parameter xmlns:p="x" name="c" value="{eo:parentIdentifier}">'
        '<p:Option value="A"/><p:Option value="B"/></p:Parameter>'
        '<p:Parameter xmlns:p="x" name="broken"/>'
    )
    found = document(url("https://x.example/?n={count?}&c={eo:parentIdentifier}", inside=inside)).results()
    assert found.of(provider()).page_size == 50
    assert found.of(provider(page_size=20)).page_size == 20
    assert found.parameters["eo:parentIdentifier"].options == ("A", "B")
    assert found.parameters["count"].pattern == "[0-9]+"


def test_escaped_values_and_relative_templates():
    """Constants of a template are sent as they are meant, and a relative one is below its document."""
    found = document(url("search?f=application/atom%2Bxml&x=a+b&s={time:start?}")).results()
    said = found.of(provider(parameters={"clientId": "me"}))
    time = TemporalExtent.parse("2024-01-01T00:00:00Z/..")
    request = protocol("opensearch").first_request(said, Query(time=time))
    assert request.url == "https://x.example/search"
    assert dict(request.params) == {
        "f": "application/atom+xml",
        "x": "a b",
        "s": "2024-01-01T00:00:00Z",
        "clientId": "me",
    }


@pytest.mark.parametrize(
    ("file", "holes"),
    [
        (
            "fedeo/osdd.xml",
            {"eo:parentIdentifier", "geo:box", "time:start", "time:end", "count", "startIndex", "geo:uid"},
        ),
        (
            "cdse-creodias-resto/cdse_resto_sentinel1_describe.xml",
            {"geo:box", "time:start", "time:end", "count"},
        ),
    ],
)
def test_recorded_documents(file: str, holes: set[str]):
    body = (provider_samples() / file).read_bytes()
    found = read_description(Response(200, {}, body, "https://x.example/")).results()
    assert holes <= found.holes


def test_a_document_that_must_be_given_words():
    """A published example: its words may stay out."""
    body = (provider_samples() / "georss-generic/eox_OSDD_example.xml").read_bytes()
    found = read_description(Response(200, {}, body, "https://x.example/")).results()
    assert found.template.startswith("http://example.com/?q={searchTerms?}&pw={startPage?}&format=atom")
