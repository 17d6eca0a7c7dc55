"""The rules by which CEOS and NASA judged the original hub (CWIC-Smart: CEOS OpenSearch Best Practice 1.3,
Developer Guide, OpenSearch 1.1, OGC Geo and Time, EO), each by its id, on the documents and feeds of every
collection of a small catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from lxml import etree

from ckanext.nextgeoss.demo.catalogue import products as demo_products
from ckanext.nextgeoss.demo.entries import absolute
from ckanext.nextgeoss.search import catalogue as catalogues
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.opensearch import ATOM, DC, OS, OSDD, PARAMETERS, Hub, identifiers, links, total

GEO = "http://a9.com/-/opensearch/extensions/geo/1.0/"
TIME = "http://a9.com/-/opensearch/extensions/time/1.0/"
EO = "http://a9.com/-/opensearch/extensions/eo/1.0/"
REFERRER = "http://a9.com/-/opensearch/extensions/referrer/1.0/"
ATOM_TYPE = "application/atom+xml"
ENTRY_ID = f"{ATOM}entry/{ATOM}id"
HOLE = re.compile(r"\{([^}?]+)(\??)\}")
NAMES_OF_13_026 = re.findall(
    r"\w+",
    """
    productType doi platform platformSerialIdentifier instrument sensorType compositeType
    processingLevel orbitType spectralRange wavelength hasSecurityConstraints dissemination title
    topicCategory keyword abstract denominator distanceValue distanceUOM organisationName
    organisationRole publicationDate lineage useLimitation accessConstraint otherConstraint
    classification language specification specificationDate specificationDateType degree
    parentIdentifier productionStatus acquisitionType orbitNumber orbitDirection track frame
    swathIdentifier cloudCover snowCover lowestLocation highestLocation productVersion
    productQualityStatus productQualityDegradationTag processorName processingCenter creationDate
    modificationDate processingDate sensorMode archivingCenter processingMode availabilityTime
    acquisitionStation acquisitionSubType startTimeFromAscendingNode completionTimeFromAscendingNode
    illuminationAzimuthAngle illuminationZenithAngle illuminationElevationAngle polarisationMode
    polarisationChannels antennaLookDirection minimumIncidenceAngle maximumIncidenceAngle
    incidenceAngleVariation dopplerFrequency
    """,
)


@dataclass(frozen=True)
class Described:
    """A document, the Atom search it offers, and the first page of that."""

    name: str
    hub: Hub
    document: Any
    feed: Any

    @property
    def url(self) -> Any:
        return self.document.find(f"{OS}Url[@type='{ATOM_TYPE}']")

    @property
    def holes(self) -> dict[str, str]:
        """The qualified parameters of the template, by namespace and local name, with their marks."""
        found = HOLE.findall(self.url.get("template"))
        return {self.qualified(name): mark for name, mark in found}

    @property
    def parameters(self) -> dict[str, Any]:
        each = self.url.findall(f"{PARAMETERS}Parameter")
        return {self.qualified(parameter.get("value").strip("{}")): parameter for parameter in each}

    @property
    def entries(self) -> list[Any]:
        return self.feed.findall(f"{ATOM}entry")

    @property
    def is_collections(self) -> bool:
        return self.name == "collection"

    def qualified(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        return f"{{{self.document.nsmap[prefix]}}}{local}" if colon else name

    def ask(self, **values: Any) -> Any:
        """The answer with values for parameters by qualified name (`searchTerms`, `{namespace}local`)."""
        return self.hub.atom(self.address(values))

    def address(self, values: dict[str, Any]) -> str:
        """The template filled, what is not given replaced by nothing."""
        filled = HOLE.sub(
            lambda found: urlencode({"": values.get(self.qualified(found[1]), "")})[1:],
            self.url.get("template"),
        )
        assert not values.keys() - self.holes.keys()
        return filled

    def links(self, rel: str) -> list[Any]:
        return [link for entry in self.entries for link in entry.findall(f"{ATOM}link[@rel='{rel}']")]


@pytest.fixture(scope="module")
def hub(site: Any, catalogue: Catalogue) -> Hub:
    """The catalogue with two products of each kind of the demo, in collections of their own."""
    count: dict[str, int] = {}
    for product in demo_products():
        count[product.collection] = count.get(product.collection, 0) + 1
        if count[product.collection] <= 2:
            own = replace(
                absolute(product, "https://data.example.org/"), collection=f"{product.collection}-{MARK}"
            )
            catalogue.add(f"{product.collection}-{count[product.collection]}", own)
    catalogues._domains.cache_clear()
    return Hub(site, catalogue)


MARK = uuid4().hex[:8]


@pytest.fixture(scope="module")
def described(hub: Hub) -> list[Described]:
    """The documents of all levels and of every collection of the catalogue, each with its feed."""
    own = {
        dataset["collection_id"] for dataset in hub.catalogue.datasets.values() if "collection_id" in dataset
    }
    return [_described(hub, name) for name in ("collection", "dataset", *sorted(own))]


def _described(hub: Hub, name: str) -> Described:
    found = Described(name, hub, hub.described(name), None)
    return replace(found, feed=hub.atom(found.address({})))


Rule = Callable[[Described], Any]


def rule(name: str) -> Callable[[Rule], Rule]:
    """Names a rule; it yields or returns what breaks it."""

    def keep(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return keep


RULES: dict[str, Rule] = {}


@rule("CEOS-BP-001 two steps: each collection leads to the document of its products, with its id fixed")
def two_steps(it: Described) -> Iterator[str]:
    if not it.is_collections:
        return
    for entry in it.entries[:10]:
        (link,) = entry.findall(f"{ATOM}link[@rel='search']")
        identifier = entry.findtext(f"{DC}identifier")
        document = etree.fromstring(it.hub.get(link.get("href")).get_data())
        template = document.find(f"{OS}Url[@type='{ATOM_TYPE}']").get("template")
        if link.get("type") != OSDD or "{eo:parentIdentifier" in template or identifier not in template:
            yield identifier


@rule("CEOS-BP-002 every parameter has an element with a value, and every element a parameter")
def parameter_extension(it: Described) -> Any:
    return set(it.holes) ^ set(it.parameters)


@rule("CEOS-BP-002B free text has a profile link with its rules")
def free_text_profile(it: Described) -> Any:
    links = it.parameters["searchTerms"].findall(f"{ATOM}link[@rel='profile']")
    return not any("cql-context-set" in link.get("href") for link in links)


@rule("CEOS-BP-002C the geometry has a profile link for each type of WKT")
def geometry_profile(it: Described) -> Any:
    found = {link.get("href") for link in it.parameters[f"{{{GEO}}}geometry"].findall(f"{ATOM}link")}
    shapes = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")
    return {f"http://www.opengis.net/wkt/{shape}" for shape in shapes} - found


@rule("CEOS-BP-003 each Url says what it leads to")
def relation_values(it: Described) -> Iterator[str]:
    for url in it.document.findall(f"{OS}Url"):
        allowed = ["self", "collection" if it.is_collections else "results"]
        if url.get("rel") not in allowed:
            yield str(url.attrib)


@rule("CEOS-BP-003B each example finds something")
def sample_query(it: Described) -> Iterator[str]:
    examples = it.document.findall(f"{OS}Query[@role='example']")
    if not examples:
        yield "no example"
    for example in examples:
        values = {name: value for name, value in example.attrib.items() if name not in ("role", "title")}
        if not total(it.ask(**values)):
            yield str(values)


@rule("CEOS-BP-004 the tags declare the specification")
def specification_declared(it: Described) -> Any:
    return not re.search(r"\bCEOS-OS-BP-V1\.\d/L[123]\b", it.document.findtext(f"{OS}Tags", ""))


@rule("CEOS-BP-004B index and page offset are stated")
def offsets(it: Described) -> Any:
    return (it.url.get("indexOffset"), it.url.get("pageOffset")) != ("1", "1")


@rule("CEOS-BP-005 the parameters that both levels support")
def supported_parameters(it: Described) -> Any:
    geo = {f"{{{GEO}}}uid", f"{{{GEO}}}box"}
    needed = {"count", "startIndex", "startPage", "searchTerms", f"{{{TIME}}}start", f"{{{TIME}}}end"} | geo
    return needed - it.holes.keys()


@rule("CEOS-BP-005 box and time narrow what is found")
def parameters_work(it: Described) -> Iterator[str]:
    box, start, end = f"{{{GEO}}}box", f"{{{TIME}}}start", f"{{{TIME}}}end"
    if total(it.ask(**{box: "-180,-90,180,90"})) > total(it.feed):
        yield "the world has more than all"
    # what has no beginning is found at any time
    if total(it.ask(**{start: "1950-01-01", end: "1950-12-31"})) >= total(it.feed):
        yield "as much in 1950 as ever"
    for identifier in identifiers(it.feed)[:3]:
        if identifier not in identifiers(it.ask(**{f"{{{GEO}}}uid": identifier})):
            yield identifier


@rule("CEOS-BP-005B count zero tells the total alone")
def count_zero(it: Described) -> Any:
    feed = it.ask(count=0)
    return total(feed) != total(it.feed) or identifiers(feed)


@rule("CEOS-BP-005C satellites and instruments can be asked for where products name them")
def satellite_name(it: Described) -> Iterator[str]:
    text = etree.tostring(it.feed).decode()
    if "Platform>" in text and f"{{{EO}}}platform" not in it.holes:
        yield "platform"


@rule("CEOS-BP-005D the client may say who it is")
def client_identifier(it: Described) -> Any:
    name = f"{{{REFERRER}}}source"
    return it.parameters[name].get("name") != "clientId" or total(it.ask(**{name: "x"})) != total(it.feed)


@rule("CEOS-BP-005E what a template fixes is kept")
def fixed_parameters(it: Described) -> Any:
    if it.is_collections or it.name == "dataset":
        return False
    return f"parentIdentifier={it.name}&" not in it.url.get("template")


@rule("CEOS-BP-005F an empty parameter is as none")
def optional_parameters(it: Described) -> Any:
    bare = it.hub.atom(it.url.get("template").partition("?")[0], **it_parent(it))
    return total(bare) != total(it.feed) or any(mark != "?" for mark in it.holes.values())


def it_parent(it: Described) -> dict[str, str]:
    return {} if it.name in ("collection", "dataset") else {"parentIdentifier": it.name}


@rule("CEOS-BP-006 words are all found; between quotes they are a phrase")
def free_text_notation(it: Described) -> Any:
    return total(it.ask(searchTerms="nosuchwordanywhere")) or total(it.ask(searchTerms='"nosuch phrase"'))


@rule("CEOS-BP-007 the first index goes before the page")
def start_index_preferred(it: Described) -> Any:
    both = it.ask(count=1, startIndex=1, startPage=2)
    return identifiers(both) != identifiers(it.ask(count=1, startIndex=1))


@rule("CEOS-BP-008 places by name, with the default radius in the title")
def geo_name(it: Described) -> Any:
    name = f"{{{GEO}}}name"
    return total(it.ask(**{name: "nosuchplaceanywhere"})) or "m" not in it.parameters[name].get("title")


@rule("CEOS-BP-009B what is not supported is ignored, and not echoed")
def unsupported_parameters(it: Described) -> Any:
    feed = it.hub.atom(it.address({}) + "&nosuchparameter=x")
    query = feed.find(f"{OS}Query[@role='request']")
    return total(feed) != total(it.feed) or "nosuchparameter" in str(query.attrib)


@rule("CEOS-BP-010 Atom")
def atom_format(it: Described) -> Any:
    answer = it.hub.get(it.address({}))
    return not answer.content_type.startswith(ATOM_TYPE) or it.feed.tag != f"{ATOM}feed"


@rule("CEOS-BP-011 each entry has an identifier that finds it")
def identifier(it: Described) -> Any:
    return len([each for each in identifiers(it.feed) if each]) != len(it.entries)


@rule("CEOS-BP-011 the identifier of a collection selects its products")
def identifier_of_collection(it: Described) -> Iterator[str]:
    if it.is_collections:
        for each in [each for each in identifiers(it.feed) if MARK in each]:
            if not total(it.hub.atom(parentIdentifier=each)):
                yield each


@rule("CEOS-BP-011B pages lead to one another")
def result_set_navigation(it: Described) -> Iterator[str]:
    if total(it.feed) < 2:
        return
    first = it.ask(count=1)
    if "previous" in links(first) or not {"first", "next", "last", "self", "search"} <= links(first).keys():
        yield "first page"
    second = it.hub.atom(links(first)["next"])
    if "previous" not in links(second) or second.findtext(ENTRY_ID) == first.findtext(ENTRY_ID):
        yield "second page"
    last = it.hub.atom(links(first)["last"])
    if "next" in links(last) or int(last.findtext(f"{OS}startIndex")) != total(it.feed):
        yield "last page"
    if {"first", "previous", "next", "last"} & links(it.ask(searchTerms="nosuchwordanywhere")).keys():
        yield "no results"


@rule("CEOS-BP-012 each link has a media type")
def link_media_type(it: Described) -> Iterator[str]:
    for rel in ("alternate", "via", "search", "icon", "self", "up", "first", "next", "last"):
        for link in [*it.links(rel), *it.feed.findall(f"{ATOM}link[@rel='{rel}']")]:
            if "/" not in (link.get("type") or ""):
                yield f"{rel} {link.get('href')}"


@rule("CEOS-BP-012B documentation: each entry has a page")
def documentation(it: Described) -> Any:
    pages = [
        link for link in (*it.links("alternate"), *it.links("describedby")) if link.get("type") == "text/html"
    ]
    return len(pages) < len(it.entries)


@rule("CEOS-BP-012C metadata: each entry has its record in another form")
def metadata_links(it: Described) -> Any:
    others = [*it.links("alternate"), *it.links("via")]
    return len([link for link in others if link.get("type") != "text/html"]) < len(it.entries)


@rule("CEOS-BP-013 each entry has a summary")
def summary(it: Described) -> Any:
    return [entry for entry in it.entries if not entry.findtext(f"{ATOM}summary")]


@rule("CEOS-BP-013B the time is dc:date with hours")
def temporal_extents(it: Described) -> Iterator[str]:
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
    for date in (entry.findtext(f"{DC}date") for entry in it.entries):
        if date is not None and not re.fullmatch(f"{moment}(/({moment})?)?", date):
            yield date


@rule("CEOS-BP-014 places are GeoRSS, one each")
def spatial_extents(it: Described) -> Any:
    return [entry for entry in it.entries if len(entry.findall("{http://www.georss.org/georss}*")) > 1]


@rule("CEOS-BP-015 pictures are icons with a type of pictures")
def browse_links(it: Described) -> Any:
    return [link.get("type") for link in it.links("icon") if not link.get("type", "").startswith("image/")]


@rule("CEOS-BP-016 data are enclosures")
def data_access(it: Described) -> Any:
    if it.is_collections or (it.name not in ("dataset",) and MARK not in it.name):
        return False
    return not it.links("enclosure")


@rule("CEOS-BP-017 errors have codes of HTTP")
def http_codes(it: Described) -> Any:
    it.hub.get(it.address({f"{{{GEO}}}box": "1,2,3"}), 400)
    it.hub.get(it.address({f"{{{GEO}}}uid": "nobody-has-this-identifier"}), 404)


@rule("OS-01 names of the right length")
def lengths(it: Described) -> Iterator[str]:
    for name, most in {"ShortName": 16, "Description": 1024, "LongName": 48, "Tags": 256}.items():
        texts = [each.text or "" for each in it.document.findall(f"{OS}{name}")]
        if len(texts) != 1 or not 0 < len(texts[0]) <= most:
            yield name


@rule("OS-03 no element is empty")
def nothing_empty(it: Described) -> Any:
    return [each.tag for each in it.document if not (each.text or len(each) or each.attrib)]


@rule("OS-04 template parameters are of OpenSearch or of a namespace")
def template_syntax(it: Described) -> Any:
    plain = {"searchTerms", "count", "startIndex", "startPage", "language"}
    return [name for name in it.holes if not name.startswith("{http") and name not in plain]


@rule("OS-07 the document says where it is")
def self_link(it: Described) -> Any:
    (url,) = it.document.findall(f"{OS}Url[@rel='self']")
    again = it.hub.get(url.get("template"))
    return (
        not again.content_type.startswith(OSDD) or etree.fromstring(again.get_data()).tag != it.document.tag
    )


@rule("OS-08 totals, and the request echoed")
def totals(it: Described) -> Iterator[str]:
    feed = it.ask(count=1, searchTerms="e")
    for name in ("totalResults", "startIndex", "itemsPerPage"):
        if not (feed.findtext(f"{OS}{name}") or "").isdecimal():
            yield name
    (query,) = feed.findall(f"{OS}Query[@role='request']")
    if (query.get("count"), query.get("searchTerms")) != ("1", "e"):
        yield "echo"


@rule("OS-10 the feed says where the document is")
def autodiscovery(it: Described) -> Any:
    (link,) = it.feed.findall(f"{ATOM}link[@rel='search']")
    return link.get("type") != OSDD


@rule("PX-04 every pattern has a title, and is a regular expression")
def patterns(it: Described) -> Iterator[str]:
    for name, parameter in it.parameters.items():
        if pattern := parameter.get("pattern"):
            re.compile(pattern)
            if not parameter.get("title"):
                yield name


@rule("PX-05 limits are kept")
def limits(it: Described) -> Any:
    count = it.parameters["count"]
    it.hub.get(it.address({"count": int(count.get("maxInclusive")) + 1}), 400)
    it.hub.get(it.address({"startIndex": 0}), 400)


@rule("EO-01 names of OGC 13-026")
def eo_names(it: Described) -> Any:
    names = [name.removeprefix(f"{{{EO}}}") for name in it.holes if name.startswith(f"{{{EO}}}")]
    return [name for name in names if name not in NAMES_OF_13_026] or not names


@rule("EO-06 the echo has the attributes of EO, place and time")
def eo_echo(it: Described) -> Any:
    values = {f"{{{GEO}}}box": "-180,-90,180,90", f"{{{TIME}}}start": "2000-01-01"}
    if f"{{{EO}}}platform" in it.holes:
        values[f"{{{EO}}}platform"] = "sentinel-2a"
    (query,) = it.ask(**values).findall(f"{OS}Query[@role='request']")
    return values.items() - dict(query.attrib).items()


@rule("GT-02 an author, and the elements of a feed")
def feed_elements(it: Described) -> Any:
    needed = ("author", "id", "title", "updated")
    return [name for name in needed if it.feed.find(f"{ATOM}{name}") is None]


@rule("GT-07 the same parameters in every format")
def formats(it: Described) -> Any:
    urls = [url for url in it.document.findall(f"{OS}Url") if url.get("rel") != "self"]
    kinds = {url.get("type") for url in urls}
    holes = {tuple(HOLE.findall(url.get("template"))) for url in urls}
    needed = {ATOM_TYPE, "application/rss+xml", "application/geo+json", "text/html"}
    paths = {urlsplit(url.get("template")).path for url in urls}
    return needed - kinds or len(holes) != 1 or len(paths) != len(urls)


@pytest.mark.parametrize("name", RULES)
def test_rule(described: list[Described], name: str) -> None:
    broken = {}
    for each in described:
        found = RULES[name](each)
        if found := list(found) if isinstance(found, Iterator) else found:
            broken[each.name] = found
    assert not broken


def test_the_rules_are_put_to_every_collection(described: list[Described]) -> None:
    assert len(described) > 8
    assert all(each.entries for each in described)


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        (f".//{OS}Tags", "CEOS-BP-004 "),
        (f".//{PARAMETERS}Parameter", "CEOS-BP-002 "),
        (f".//{PARAMETERS}Parameter/{ATOM}link", "CEOS-BP-002C"),
        (f".//{OS}Query", "CEOS-BP-003B"),
    ],
)
def test_the_judge_knows_a_bad_document(described: list[Described], broken: str, name: str) -> None:
    document = etree.fromstring(etree.tostring(described[1].document))
    for element in document.findall(broken):
        element.getparent().remove(element)
    (found,) = (judge for said, judge in RULES.items() if said.startswith(name))
    result = found(replace(described[1], document=document))
    assert list(result) if isinstance(result, Iterator) else result
