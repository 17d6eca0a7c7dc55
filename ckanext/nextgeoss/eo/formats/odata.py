"""OData 4 products as the Copernicus catalogues describe them: reads.

Source: documentation.dataspace.copernicus.eu, OData API; attribute names are those of OGC 17-003r2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from ..asset import Asset, parse_checksum, parse_media_type, parse_size
from ..errors import BadAnswer, BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem, Product
from ..temporal import ALWAYS, TemporalExtent
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, mapping, text, texts, whole_number
from .loose_time import read_extent
from .noted import first_footprint, parsed
from .odata_names import PICTURES, VOCABULARY
from .satellite import complete_satellite

# a product is a file itself when it says one of these; ours have theirs all among `Assets`
_MEDIA = ("@odata.mediaContentType", "ContentType", "ContentLength", "S3Path")
_TIMES = (("ContentDate", "Start", "End"), ("Attributes", "beginningDateTime", "endingDateTime"))
ANY_FILE = "application/octet-stream"


class OData:
    """Products of an OData 4 entity set `Products`, or one product."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is an entity set, or a product."""
        about = mapping(document)
        return isinstance(about.get("value"), list) or _is_product(about)

    def feed(self, document: Any, source: str) -> Feed:
        """The products with `@odata.count` and `@odata.nextLink`."""
        about = mapping(document)
        if _is_product(about):
            return Feed((about,))
        products = cast(list[Any], about["value"])
        if products and not any(_is_product(mapping(product)) for product in products):
            raise BadAnswer("an OData set of something else than products", source)
        return Feed(
            tuple(products), whole_number(about.get("@odata.count")), text(about.get("@odata.nextLink"))
        )

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The product, its `Attributes` by their names."""
        about = mapping(entry)
        return about | {"Attributes": _attributes(about)} if "Attributes" in about else about

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an entity; it is known by its name, since its `Id` differs from hub to hub."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not an OData product but {type(entry).__name__}", position)
        view = self.view(entry)
        identifier = text(view.get("Name")) or text(view.get("Id"))
        named = text(mapping(view.get("Collection")).get("Name")) or collection or _series(view)
        check_named("product", identifier, named, position)
        problems: list[Problem] = []
        found = VOCABULARY.read(view, problems)
        complete_satellite(found, identifier)
        return Product(
            id=identifier,
            collection=named,
            title=text(mapping(view.get("Attributes")).get("title")),
            footprint=_footprint(view, problems),
            time=extent_at(_TIMES, view, problems),
            properties=found,
            assets=_assets(view, problems),
            problems=tuple(problems),
        )


ODATA = OData()


def _is_product(about: Mapping[str, Any]) -> bool:
    return "Name" in about and ("ContentDate" in about or "Footprint" in about or "S3Path" in about)


def _attributes(about: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in array(about.get("Attributes")):
        attribute = mapping(entry)
        if name := text(attribute.get("Name")):
            found.setdefault(name, attribute.get("Value"))
    return found


def _series(view: Mapping[str, Any]) -> str:
    return text(mapping(view.get("Attributes")).get("platformShortName"))


def _footprint(view: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    wkt = view.get("Footprint")
    return first_footprint(
        (
            ("GeoFootprint", lambda: Footprint.from_geojson(view.get("GeoFootprint"))),
            ("Footprint", lambda: Footprint.from_wkt(wkt) if isinstance(wkt, str) else None),
        ),
        problems,
    )


def extent_at(
    places: Iterable[tuple[str, str, str]], view: Mapping[str, Any], problems: list[Problem]
) -> TemporalExtent:
    """The first interval that is told; each place is a member, and the names of start and end in it."""
    for where, *names in places:
        start, end = (text(mapping(view.get(where)).get(name)) for name in names)
        if found := read_extent(start, end, where, problems) if start or end else ALWAYS:
            return found
    return ALWAYS


def _assets(view: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    links = [_asset_link(mapping(entry)) for entry in array(view.get("Assets"))]
    assets = assets_of(links, problems, as_given=all(link.key for link in links))
    if any("data" in asset.roles for asset in assets):
        return assets
    return (*_own_file(view, problems), *assets)


def _asset_link(about: Mapping[str, Any]) -> Link:
    kind = text(about.get("Type"))
    roles = about.get("Roles")
    return Link(
        href=text(about.get("DownloadLink")),
        roles=texts(roles)
        if isinstance(roles, list)
        else (PICTURES.get(kind.upper(), kind.lower() or "related"),),
        title=text(about.get("Title")),
        media_type=text(about.get("ContentType")),
        size=about.get("ContentLength"),
        checksum=first_checksum(about.get("Checksum")),
        key=text(about.get("Key")),
    )


def _own_file(view: Mapping[str, Any], problems: list[Problem]) -> Iterator[Asset]:
    """The product itself, below the address of the service (OData 4.0 part 1, 11.1.2: media entities)."""
    identifier = text(view.get("Id"))
    if not identifier or not any(name in view for name in _MEDIA):
        return
    size = parsed(parse_size, view.get("ContentLength"), "ContentLength", problems)
    media_type = parsed(parse_media_type, view.get("ContentType"), "ContentType", problems)
    yield Asset(
        key="data",
        href=f"Products({identifier})/$value",
        roles=("data",),
        media_type="" if media_type in (None, ANY_FILE) else media_type,
        size=size or None,  # 0 where it was not measured
        checksum=first_checksum(view.get("Checksum")),
    )


def first_checksum(said: Any) -> str:
    """The first checksum of a list that we know how to write down."""
    for entry in array(said):
        algorithm, value = (text(mapping(entry).get(name)) for name in ("Algorithm", "Value"))
        try:
            return parse_checksum(f"{algorithm}:{value}")
        except BadValue:
            continue  # of another kind
    return ""
