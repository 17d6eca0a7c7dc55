"""The parameters of our OpenSearch searches: one table for templates, requests, echoes and older names.

OpenSearch 1.1, Geo and Time (OGC 10-032), Earth observation (OGC 13-026), SRU, Semantic, Referrer. What can
be asked of EO properties is said by the rows of the schema: those with a name of 13-026 have that, the others
have our own prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..eo.formats.opensearch_feed import NAMESPACES
from ..eo.gazetteer import DEFAULT_RADIUS_M
from ..eo.judged import BEST, WORST
from ..eo.properties import Properties
from ..eo.property import Property
from .terms import SCORE

DEFAULT_COUNT, MOST = 20, 1000
# the first result that startIndex and startPage reach: Solr sorts all that lies before a page; further on
# leads the cursor in the link to the next page, in constant time
DEEPEST = 100_000
MOST_REVIEWS = 1_000_000
# orders by what users and automatic checks say, by the terms of which the greatest comes first
SORTS = {
    "rating": "rating_rank", "reviews": "reviews", "latest": "latest_feedback", "metadata": "metadata_score",
}  # fmt: skip
# of whoever asks for it, products or collections
PRODUCTS, COLLECTIONS = "products", "collections"
# ids of what the hub holds; said of collections by 13-026, Table 4
_OF_COLLECTIONS = frozenset(
    f"eo:{name}"
    for name in (
        "productType", "doi", "platform", "platformSerialIdentifier", "instrument", "sensorType",
        "compositeType", "processingLevel", "orbitType", "spectralRange", "dissemination", "keyword",
        "organisationName", "modificationDate",
    )
)  # fmt: skip
_QUALIFIED = re.compile(r"\{([^{}]{0,100})\}(.+)", re.S)
_ITSELF = ("os", "opensearch", "http://a9.com/-/spec/opensearch/1.1/")
_BY_ADDRESS = {address: prefix for prefix, address in NAMESPACES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter: `name` is qualified by the prefixes of NAMESPACES, `url` stands in our templates."""

    name: str
    url: str
    title: str
    # other names in requests: those of the original hub, of other servers, of the rows of the schema
    aliases: tuple[str, ...] = ()
    # the term or property (terms.py) that it asks about, or sorts by
    term: str = ""
    # whether it is a plain condition on its term, or says the least that this may be
    condition: bool = False
    least: bool = False
    # the term whose values it takes, where it asks about none; the terms without which options are not there
    values_of: str = ""
    options_need: tuple[str, ...] = ()
    # the property without which it is not offered
    needs: str = ""
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()
    # for whom it is offered; it is understood in all searches
    offered: tuple[str, ...] = (PRODUCTS, COLLECTIONS)


def _parameter(name: str, title: str, url: str = "", *aliases: str, **more: object) -> Parameter:
    return Parameter(name=name, title=title, url=url or name, aliases=aliases, **more)  # type: ignore[arg-type]


_WHOLE = r"^\d+$"
_TIME = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$"
_NUMBER = r"-?\d+(\.\d+)?"
_ONLY_PRODUCTS = (PRODUCTS,)

FIXED = (
    _parameter(
        "searchTerms", "Words that are all found; words between quotes stand side by side", "q", term=SCORE
    ),
    _parameter(
        "count", f"Results on a page, 0 for their number alone; {DEFAULT_COUNT} products unless said, or all "
        "collections", "count", "rows", "maximumRecords", "limit", "maxResults",
        pattern=_WHOLE, minimum=0, maximum=MOST,
    ),
    _parameter(
        "startIndex", "Number of the first result, from 1; goes before the page. Further on leads the link "
        "to the next page", "startIndex", "start_index", "startRecord",
        pattern=_WHOLE, minimum=1, maximum=DEEPEST,
    ),
    _parameter(
        "startPage", "Number of the page, from 1", "startPage", "page",
        pattern=_WHOLE, minimum=1, maximum=DEEPEST,
    ),
    _parameter("geo:uid", "Identifier of one resource, as in dc:identifier", "uid", "identifier", "id",
               term="id"),
    _parameter(
        "geo:box", "West, south, east, north in degrees; a west greater than the east crosses 180 degrees",
        "bbox", "box", "ext_bbox", pattern=rf"^{_NUMBER}(, *{_NUMBER}){{3}}$",
    ),
    _parameter("geo:geometry", "Area, line or point as WKT, longitude before latitude, in degrees",
               "geometry", "geom"),
    _parameter("geo:lat", "Latitude of a point, in degrees", "lat", minimum=-90, maximum=90),
    _parameter("geo:lon", "Longitude of a point, in degrees", "lon", minimum=-180, maximum=180),
    _parameter("geo:radius", "Distance from the point, or round the named place, in metres", "radius",
               minimum=1, maximum=20_000_000),
    _parameter(
        "geo:name", "Name of a place, in any case: a country, region, sea, lake, or a city, which reaches as "
        f"far as the radius, or {DEFAULT_RADIUS_M:.0f} m", "name",
    ),
    # the subject of the relation is what is asked for (FedEO's wording): it contains the results. `within`,
    # which 10-032 lacks, is then the other way round: what is asked for lies within the results
    _parameter(
        "geo:relation", "What the area asked for does to the results: intersects them, contains them, is "
        "disjoint from them, or lies within them", "relation",
        options=("intersects", "contains", "disjoint", "within"),
    ),
    _parameter("time:start", "Begin of the time asked for; a date begins with its first instant", "start",
               "timerange_start", "startDate", term="start", pattern=_TIME),
    _parameter("time:end", "End of the time asked for; a date ends with its last instant", "end",
               "timerange_end", "completionDate", term="end", pattern=_TIME),
    _parameter(
        "time:relation", "What the time of the results does to the one asked for: intersects or contains it, "
        "lies within it (during), is disjoint from it, or equals it", "timeRelation", "time_relation",
        options=("intersects", "contains", "during", "disjoint", "equals"),
    ),
    # the collections of this hub, not what a provider names as the parent in its records
    _parameter("eo:parentIdentifier", "Identifier of the collection", "parentIdentifier", "collection",
               "collection_id", term="collection", offered=_ONLY_PRODUCTS),
    # when the record last changed here, which each product has and which the original meant: what harvests
    # us asks for what is new by it. When the provider changed its own is the property `updated`
    _parameter("eo:modificationDate", "When the record was last changed here", "modificationDate",
               "metadata_modified", "modified", term="metadata_modified", condition=True),
    _parameter("eo:organisationName", "Name of the organization that provides it", "organisationName",
               "provider", "organization", term="provider", condition=True),
    _parameter(
        "sru:sortKeys", "Keys separated by blanks, each name,schema,ascending: start,,0 has the newest "
        "first; without a value is last", "sortKeys", offered=_ONLY_PRODUCTS,
    ),
    _parameter("sru:facetLimit", "Most values of each facet, or of named ones: 10, or platform:5,track:3",
               "facetLimit", offered=_ONLY_PRODUCTS),
    _parameter("sru:facetSort", "Order of the values of facets: recordCount or alphanumeric, then ascending "
               "or descending", "facetSort", offered=_ONLY_PRODUCTS),
    _parameter("semantic:classifiedAs", "Keywords, or addresses of concepts, of which the results have at "
               "least one", "classifiedAs", needs="keywords"),
    _parameter("referrer:source", "Who asks; not kept", "clientId"),
    _parameter("nextgeoss:topic", "Name of a topic of this hub", "topic", "groups", term="topic",
               condition=True),
    _parameter("nextgeoss:access", "Whether the files can be had: online, offline, or after signing in",
               "access", term="access", condition=True, offered=_ONLY_PRODUCTS),
    _parameter("nextgeoss:latest", "Of the editions of a scene only the latest", "latest",
               options=("true", "false"), offered=_ONLY_PRODUCTS),
    _parameter("guf:minRating", "Least mean of the stars of users", "minRating", "min_rating",
               term="rating", least=True, pattern=r"^\d(\.\d+)?$", minimum=WORST, maximum=BEST,
               offered=_ONLY_PRODUCTS),
    _parameter("guf:minReviews", "Least number of ratings of users", "minReviews", "min_reviews",
               term="reviews", least=True, pattern=_WHOLE, minimum=0, maximum=MOST_REVIEWS,
               offered=_ONLY_PRODUCTS),
    _parameter("guf:fitFor", "Field of application that users found it fit for, and where no issue blocks "
               "its use", "fitFor", "fit_for", term="fit_for", condition=True, offered=_ONLY_PRODUCTS),
    _parameter("guf:openIssues", "How bad the worst issue is that users report and that is open",
               "openIssues", "open_issues", term="open_issues", condition=True, offered=_ONLY_PRODUCTS),
    _parameter("guf:minMetadataScore", "Least score of the metadata by automatic checks", "minMetadataScore",
               term="metadata_score", least=True, pattern=_WHOLE, minimum=0, maximum=100,
               offered=_ONLY_PRODUCTS),
    _parameter("guf:metadataBand", "Band of the score of the metadata", "metadataBand", "metadata_band",
               term="metadata_band", condition=True, offered=_ONLY_PRODUCTS),
    _parameter("guf:fitFirst", "Field of application: what users found fit for it comes first", "fitFirst",
               "fit_first", needs="fit_for", values_of="fit_for", offered=_ONLY_PRODUCTS),
    _parameter("guf:sortBy", "Order by what users and automatic checks say, the best first; goes before "
               "sortKeys", "sortBy", options=tuple(SORTS), options_need=tuple(SORTS.values()),
               offered=_ONLY_PRODUCTS),
    _parameter("nextgeoss:cursor", "How the page before said to go on", "cursor", offered=()),
)  # fmt: skip


class ParameterTable:
    """All parameters, by each name that they have in requests."""

    def __init__(self, properties: Properties):
        self.parameters = (*FIXED, *_of_rows(properties))
        self._exact: dict[str, Parameter] = {}
        self._by_qualified = {each.name.lower(): each for each in self.parameters}
        for each in self.parameters:
            self._exact.setdefault(each.url, each)
        for each in self.parameters:
            for alias in each.aliases:
                self._exact.setdefault(alias, each)
        self._any_case: dict[str, Parameter] = {}
        for name, each in self._exact.items():
            self._any_case.setdefault(name.lower(), each)

    def find(self, name: str) -> Parameter | None:
        """The parameter of this name: in our templates, an older one, or qualified as `time:start`,
        `{time}start` or `{http://...}start`; None for a name that means nothing here."""
        if found := _QUALIFIED.fullmatch(name):
            return self._by_qualified.get(_qualified(found[1], found[2]))
        if ":" in name:
            return self._by_qualified.get(_qualified(*name.split(":", 1)))
        return self._exact.get(name) or self._any_case.get(name.lower())

    def named(self, name: str) -> Parameter:
        """The parameter of this qualified name."""
        return self._by_qualified[name.lower()]

    def asking(self, term: str) -> Parameter | None:
        """The parameter that asks about a term or property."""
        return next((each for each in self.parameters if each.term == term), None)


def parameter_table(properties: Properties) -> ParameterTable:
    """The table for these properties, made once."""
    if id(properties) not in _tables:
        _tables.clear()
        _tables[id(properties)] = (properties, ParameterTable(properties))
    return _tables[id(properties)][1]


# by the id of the properties, which are kept beside so that no other object gets their id
_tables: dict[int, tuple[Properties, ParameterTable]] = {}


def _qualified(prefix: str, local: str) -> str:
    prefix = _BY_ADDRESS.get(prefix, prefix)
    return (local if not prefix or prefix in _ITSELF else f"{prefix}:{local}").lower()


def _of_rows(properties: Properties) -> Iterator[Parameter]:
    taken = {each.name for each in FIXED}
    for row in properties.values():
        yield _of_row(row, row.opensearch if row.opensearch not in taken else "")


def _of_row(row: Property, name: str) -> Parameter:
    """The parameter of a property; how its values are written is said by the row (eo/number_sets.py)."""
    name = name or f"nextgeoss:{row.name}"
    return Parameter(
        name=name,
        url=name.rpartition(":")[2],
        title=". ".join(filter(None, (row.label + (f" ({row.unit})" if row.unit else ""), row.help))),
        aliases=(row.name, *row.aliases),
        term=row.name,
        condition=True,
        offered=(PRODUCTS, COLLECTIONS) if name in _OF_COLLECTIONS else _ONLY_PRODUCTS,
    )
