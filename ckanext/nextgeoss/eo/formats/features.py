"""GeoJSON features of any schema (OGC API Features, WFS), and records of OGC API Records: reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import BadRecord
from ..product import Problem, Product
from ..temporal import ALWAYS, TemporalExtent
from .feature import features_of, read_footprint
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, link, mapping, text, texts, whole_number
from .loose_time import read_extent, read_interval, time_text
from .satellite import complete_satellite
from .vocabulary import IGNORED, Vocabulary

# members that tell a time, beginning and end or both in one, the most exact first
_PAIRS = (
    ("start_datetime", "end_datetime"),
    ("beginningDateTime", "endingDateTime"),
    ("startDate", "completionDate"),
    ("start_date", "end_date"),
    ("start_time", "end_time"),
    ("startTime", "endTime"),
    ("begin", "end"),
)
_SINGLES = (
    "datetime",
    "phenomenonTime",
    "date",
    "time",
    "timestamp",
    "acquisition_date",
    "acquired",
    "resultTime",
)
_TIMES = (*(name for pair in _PAIRS for name in pair), *_SINGLES)
VOCABULARY = Vocabulary(
    {
        "id": "id",
        "identifier": "id",
        "collection": "collection",
        "time/*": "time",
        "time": "time",
        **{f"properties/{name}": "time" for name in _TIMES},
        "geometry": "geometry",
        "geometry/*": "geometry",
        "bbox": "geometry",
        "links": "assets",
        "links/*": "assets",
        "linkTemplates/*": IGNORED,
        "assets/*": "assets",
        "properties/title": "title",
        "properties/name": "title",
        "properties/type": "product_type",
        "properties/license": "license_id",
        "properties/rights": "use_limitation",
        "properties/keywords": "keywords",
        "themes/concepts/id": "keywords",
        "themes/concepts/*": IGNORED,
        "themes/*": IGNORED,
        "externalIds/doi": "doi",
        "externalIds/*": IGNORED,
        "contacts/organization": "providers",
        "contacts/name": "data_originator",
        "contacts/*": IGNORED,
        "formats/*": IGNORED,
        "language/*": IGNORED,
        "language": IGNORED,
        "languages/*": IGNORED,
        "resourceLanguages/*": IGNORED,
        "conformsTo": IGNORED,
        "geometry_name": IGNORED,
        "type": IGNORED,
    }
)
_ROLES = {
    "enclosure": "data",
    "data": "data",
    "download": "data",
    "item": "data",
    "preview": "overview",
    "overview": "overview",
    "thumbnail": "thumbnail",
    "icon": "thumbnail",
    "describedby": "metadata",
    "metadata": "metadata",
    "canonical": "metadata",
    "self": "metadata",
    "alternate": "metadata",
    "service": "service",
    "about": "documentation",
}
# what leads away from the product
_ELSEWHERE = frozenset(
    {"collection", "root", "parent", "next", "prev", "first", "last", "up", "license", "items", "search"}
)


class Features:
    """Features alone or in a collection; what their properties are called is found by name."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a feature, or a collection of them."""
        about = mapping(document)
        return about.get("type") in ("Feature", "FeatureCollection") or isinstance(
            about.get("features"), list
        )

    def feed(self, document: Any, source: str) -> Feed:
        """The features with `numberMatched` and the link to what follows."""
        about = mapping(document)
        total = whole_number(about.get("numberMatched", about.get("totalFeatures")))
        return Feed(tuple(features_of(about, source)), total, link(about, "next"))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The feature, its external identifiers by their schemes."""
        about = mapping(entry)
        said = mapping(about.get("properties"))
        if "externalIds" not in said:
            return about
        named = {_scheme(mapping(each)): mapping(each).get("value") for each in array(said["externalIds"])}
        return about | {"properties": said | {"externalIds": named}}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a feature."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a feature but {type(entry).__name__}", position)
        feature = cast(dict[str, Any], entry)
        said = mapping(feature.get("properties"))
        names = ("identifier", "id", "uuid", "fid")
        identifier = text(feature.get("id")) or next(
            (found for name in names if (found := text(said.get(name)))), ""
        )
        named = text(feature.get("collection")) or text(said.get("collection")) or collection
        check_named("feature", identifier, named, position)
        problems: list[Problem] = []
        found = VOCABULARY.read(self.view(feature), problems)
        complete_satellite(found, identifier)
        return Product(
            id=identifier,
            collection=named,
            title=text(said.get("title")) or text(said.get("name")),
            footprint=read_footprint(feature, problems),
            time=_time(feature, said, problems),
            properties=found,
            assets=assets_of(_links(feature), problems),
            problems=tuple(problems),
        )


FEATURES = Features()


def _scheme(about: Mapping[str, Any]) -> str:
    """The scheme of an external identifier, as one word."""
    scheme = text(about.get("scheme")).rstrip("/").lower()
    return "doi" if "doi" in scheme or text(about.get("value")).startswith("10.") else scheme or "other"


def _time(feature: Mapping[str, Any], said: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    """The time of a record (OGC 20-004: `time`), else that of a property with a usual name."""
    about = feature.get("time")
    if isinstance(about, dict):
        interval = array(mapping(cast(object, about)).get("interval"))
        if len(interval) == 2:
            first, last = ("" if end in (None, "..") else time_text(end) for end in interval)
            return read_extent(first, last, "time", problems)
        about = mapping(cast(object, about)).get("timestamp") or mapping(cast(object, about)).get("date")
    if isinstance(about, str) and about:
        return read_interval(about, "time", problems)
    for first, last in _PAIRS:
        if said.get(first):
            ends = (time_text(said.get(name)) for name in (first, last))
            return read_extent(*ends, where=first, problems=problems)
    for name in _SINGLES:
        if isinstance(said.get(name), (str, int, float)) and (one := time_text(said[name])):
            return (
                read_interval(one, name, problems)
                if "/Date(" not in one
                else read_extent(one, one, name, problems)
            )
    return ALWAYS


def _links(feature: Mapping[str, Any]) -> Iterator[Link]:
    for key, value in mapping(feature.get("assets")).items():
        about = mapping(value)
        yield Link(
            href=text(about.get("href")),
            roles=texts(about.get("roles")) or ("data",),
            title=text(about.get("title")),
            media_type=text(about.get("type")),
            size=about.get("file:size"),
            checksum=text(about.get("file:checksum")),
            key=key,
        )
    for entry in array(feature.get("links")):
        about = mapping(entry)
        relation = text(about.get("rel")).rstrip("/").rpartition("/")[2].lower()
        if relation in _ELSEWHERE:
            continue
        yield Link(
            href=text(about.get("href")),
            roles=(_ROLES.get(relation, "related"),),
            title=text(about.get("title")),
            media_type=text(about.get("type")),
            size=about.get("length"),
        )
